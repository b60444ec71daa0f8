// Dockerlint checks Dockerfiles: BuildKit's own parser and checks (what "docker build --check" runs), and rules of
// this project. It needs neither Docker nor the network.
//
//	dockerlint FILE...
//
// A comment "# dockerlint accepts RULE: why" takes findings of one of this project's rules away; it needs a reason
// of 20 characters, and is a finding itself where it covers none.
//
// Each finding is a line "FILE:LINE: RULE: what is wrong; fix". Exit code 1 with findings, 2 for wrong arguments.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerui"
	digest "github.com/opencontainers/go-digest"
)

type finding struct {
	line          int
	rule, message string
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: dockerlint FILE...")
		os.Exit(2)
	}
	found := false
	for _, file := range os.Args[1:] {
		findings, err := check(file)
		if err != nil {
			fmt.Fprintln(os.Stderr, "dockerlint:", err)
			os.Exit(2)
		}
		for _, each := range findings {
			fmt.Printf("%s:%d: %s: %s\n", file, each.line, each.rule, each.message)
			found = true
		}
	}
	if found {
		os.Exit(1)
	}
}

func check(file string) ([]finding, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	findings, err := buildkit(file, content)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.Parse(bytes.NewReader(content))
	if err != nil {
		// Told by BuildKit's check already.
		return findings, nil
	}
	stages, arguments, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return findings, nil
	}
	findings = append(findings, rules(stages, arguments, content)...)
	findings = append(findings, buildContext(filepath.Join(filepath.Dir(file), ".dockerignore"))...)
	findings = withoutAccepted(findings, content)
	sort.SliceStable(findings, func(a, b int) bool { return findings[a].line < findings[b].line })
	return findings, nil
}

// buildkit runs BuildKit's checks. Digests that a build must give are made up, and no registry is asked.
func buildkit(file string, content []byte) ([]finding, error) {
	results, err := dockerfile2llb.DockerfileLint(context.Background(), content, dockerfile2llb.ConvertOpt{
		Config:       dockerui.Config{BuildArgs: map[string]string{digestArgument: "sha256:" + strings.Repeat("0", 64)}},
		MetaResolver: offline{},
		SourceMap:    &llb.SourceMap{Definition: &llb.Definition{}, Filename: file, Data: content},
	})
	if err != nil {
		return nil, err
	}
	var findings []finding
	for _, warning := range results.Warnings {
		line := 0
		if ranges := warning.Location.GetRanges(); len(ranges) > 0 {
			line = int(ranges[0].Start.Line)
		}
		findings = append(findings, finding{line, "buildkit/" + warning.RuleName, warning.Detail})
	}
	if results.Error != nil {
		line := 0
		if ranges := results.Error.Location.GetRanges(); len(ranges) > 0 {
			line = int(ranges[0].Start.Line)
		}
		findings = append(findings, finding{line, "buildkit", results.Error.Message})
	}
	return findings, nil
}

// offline knows of every image that it is for Linux, and nothing else.
type offline struct{}

func (offline) ResolveImageConfig(
	_ context.Context, name string, _ sourceresolver.Opt,
) (string, digest.Digest, []byte, error) {
	return name, digest.FromString(name), []byte(`{"architecture":"amd64","os":"linux","config":{}}`), nil
}
