package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

// Builds give the digest of the base image in this argument.
const digestArgument = "BASE_DIGEST"

const shortestReason = 20

var (
	variable   = regexp.MustCompile(`\$\{?([A-Za-z_][A-Za-z0-9_]*)[^}/@-]*\}?`)
	pinned     = regexp.MustCompile(`@(sha256:[0-9a-f]{64}|\$\{` + digestArgument + `\})$`)
	userNumber = regexp.MustCompile(`^[1-9][0-9]*(:[0-9]+)?$`)
	remote     = regexp.MustCompile(`^([a-z]+://|git@)`)
	// What is only ever a secret: access keys of AWS, private keys, tokens of GitHub and of package registries.
	secret = regexp.MustCompile(`(AKIA|ASIA)[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|gh[pousr]_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{20,}|pypi-[A-Za-z0-9_-]{20,}`)
	// BuildKit looks at names with these words in English alone where they end with them.
	secretName = regexp.MustCompile(`(?i)(passw(or)?d|secret|token|credential|api_?key|access_?key|private_?key)`)
	accepts    = regexp.MustCompile(`^# dockerlint accepts (image/[a-z-]+):(.*)$`)
	shells     = map[string]bool{"sh": true, "bash": true, "dash": true, "ash": true, "zsh": true}
)

// withoutAccepted takes away what the file accepts by "# dockerlint accepts RULE: why".
func withoutAccepted(findings []finding, content []byte) []finding {
	for number, line := range strings.Split(string(content), "\n") {
		match := accepts.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		var kept []finding
		for _, each := range findings {
			if each.rule != match[1] {
				kept = append(kept, each)
			}
		}
		if len(kept) == len(findings) {
			kept = append(kept, finding{number + 1, "image/accepted", match[1] + " is accepted, but there is no such finding; fix: take the line out"})
		}
		if len(strings.TrimSpace(match[2])) < shortestReason {
			kept = append(kept, finding{number + 1, "image/accepted", fmt.Sprintf("the reason has less than %d characters; fix: say why", shortestReason)})
		}
		findings = kept
	}
	return findings
}

func rules(stages []instructions.Stage, arguments []instructions.ArgCommand, content []byte) []finding {
	var findings []finding
	add := func(line int, rule, message string, values ...any) {
		findings = append(findings, finding{line, rule, fmt.Sprintf(message, values...)})
	}
	for number, line := range strings.Split(string(content), "\n") {
		if secret.MatchString(line) {
			add(number+1, "image/secret", "holds a secret, which everybody who has the image can read; fix: RUN --mount=type=secret")
		}
	}
	for _, argument := range arguments {
		names(argument.Args, argument.Location()[0].Start.Line, add)
		for _, each := range argument.Args {
			if each.Key == digestArgument && each.Value != nil {
				add(argument.Location()[0].Start.Line, "image/base-digest",
					"%s has a default, which grows old; fix: ARG %s", digestArgument, digestArgument)
			}
		}
	}
	for index, stage := range stages {
		line := stage.Location[0].Start.Line
		if !isStage(stage.BaseName, stages[:index]) && stage.BaseName != "scratch" && !pinned.MatchString(stage.BaseName) {
			add(line, "image/base-digest", "stands on %s, which may be another image tomorrow; fix: NAME@${%s}",
				stage.BaseName, digestArgument)
		}
		for _, command := range stage.Commands {
			inStage(command, command.Location()[0].Start.Line, add)
		}
		if !isBase(stage, stages[index+1:]) {
			whatRuns(stage, line, add)
		}
	}
	return findings
}

func inStage(command instructions.Command, line int, add func(int, string, string, ...any)) {
	switch it := command.(type) {
	case *instructions.AddCommand:
		for _, source := range it.SourcePaths {
			if remote.MatchString(source) {
				add(line, "image/add-url", "ADD fetches %s, whatever is there that day; fix: a package with a hash, or COPY", source)
			}
		}
	case *instructions.ArgCommand:
		names(it.Args, line, add)
	case *instructions.EnvCommand:
		for _, pair := range it.Env {
			name(pair.Key, line, add)
		}
	case *instructions.RunCommand:
		text := strings.Join(it.CmdLine, " ")
		if strings.Contains(text, "pip install") && !strings.Contains(text, "--require-hashes") {
			add(line, "image/pip-hashes", "pip takes any package that has the name; fix: --require-hashes -r FILE")
		}
	}
}

// whatRuns checks a stage that no other one stands on: an image.
func whatRuns(stage instructions.Stage, line int, add func(int, string, string, ...any)) {
	user, userLine := "", line
	var entrypoint *instructions.EntrypointCommand
	for _, command := range stage.Commands {
		switch it := command.(type) {
		case *instructions.UserCommand:
			user, userLine = it.User, it.Location()[0].Start.Line
		case *instructions.EntrypointCommand:
			entrypoint = it
			execForm("ENTRYPOINT", it.PrependShell, it.CmdLine, it.Location()[0].Start.Line, add)
		case *instructions.CmdCommand:
			execForm("CMD", it.PrependShell, it.CmdLine, it.Location()[0].Start.Line, add)
		}
	}
	if !userNumber.MatchString(user) {
		add(userLine, "image/user",
			"runs as %q; fix: USER with a number above 0, by which Kubernetes sees that it is not root", user)
	}
	if entrypoint == nil {
		add(line, "image/exec-form", "has no ENTRYPOINT, so what it runs is up to its base; fix: ENTRYPOINT [\"program\"]")
	}
}

func execForm(name string, shell bool, words []string, line int, add func(int, string, string, ...any)) {
	if shell || len(words) > 0 && shells[words[0][strings.LastIndex(words[0], "/")+1:]] {
		add(line, "image/exec-form",
			"%s starts a shell, which keeps SIGTERM to itself; fix: %s [\"program\", \"argument\"]", name, name)
	}
}

func names(arguments []instructions.KeyValuePairOptional, line int, add func(int, string, string, ...any)) {
	for _, each := range arguments {
		name(each.Key, line, add)
	}
}

func name(given string, line int, add func(int, string, string, ...any)) {
	if secretName.MatchString(given) {
		add(line, "image/secret", "%s stays readable in the image's history; fix: RUN --mount=type=secret", given)
	}
}

// isStage tells whether a base is a stage before; variables may be anything.
func isStage(base string, before []instructions.Stage) bool {
	var pattern strings.Builder
	end := 0
	for _, at := range variable.FindAllStringIndex(base, -1) {
		pattern.WriteString(regexp.QuoteMeta(base[end:at[0]]) + ".*")
		end = at[1]
	}
	pattern.WriteString(regexp.QuoteMeta(base[end:]))
	expression := regexp.MustCompile("^(?i:" + pattern.String() + ")$")
	for _, stage := range before {
		if stage.Name != "" && expression.MatchString(stage.Name) {
			return true
		}
	}
	return false
}

func isBase(stage instructions.Stage, after []instructions.Stage) bool {
	for _, each := range after {
		if isStage(each.BaseName, []instructions.Stage{stage}) {
			return true
		}
	}
	return false
}

// buildContext checks that files enter the image by name alone.
func buildContext(file string) []finding {
	content, err := os.ReadFile(file)
	if err == nil {
		for _, line := range strings.Split(string(content), "\n") {
			line = strings.TrimSpace(line)
			if line == "*" {
				return nil
			}
			if line != "" && !strings.HasPrefix(line, "#") {
				break
			}
		}
	}
	return []finding{{0, "image/context",
		"its .dockerignore does not begin with *, so a forgotten file of credentials may enter the image; fix: *, then !NAME for what is copied"}}
}
