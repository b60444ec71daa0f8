package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Report.Acknowledged;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportMarkdownTest {

  @Test
  void isATableOfWhatIsLeftAndOneOfWhatIsAcknowledged() {
    assertThat(ReportMarkdown.of(Findings.EVERYTHING))
        .isEqualTo(
            """
            **1 error, 2 not decided, 1 acknowledged; 41 places checked, IAM's actions as of 2026-09-26**

            | | resource | problem | fix |
            |---|---|---|---|
            | error | <code>dev/Data/Policy/Resource</code><br><code>DataStack.java:14</code> | \
            <code>mlinfra::iam.action-star</code><br>\
            <code>PolicyDocument.Statement&#91;0&#93;.Action</code>: allows every action; \
            given <code>&#42;</code> | name the actions that are needed |
            | warning | <code>dev/Data</code> | <code>mlinfra::gate.not-read</code><br>\
            a macro runs at deploy time | check what it makes in another way |
            | warning | <code>dev/Data/Policy/Resource</code><br><code>DataStack.java:14</code> | \
            <code>mlinfra::iam.action-star</code><br>\
            <code>PolicyDocument.Statement&#91;1&#93;.Action</code>: \
            the action is known only when deployed | name the actions that are needed |

            <details><summary>Acknowledged</summary>

            | rule | in | findings | reason |
            |---|---|---|---|
            | <code>mlinfra::iam.action-star</code> | <code>dev</code> | 1 | \
            the reviewer of this test has seen it |

            </details>
            """);
  }

  @Test
  void isTheSameInEveryLanguageOfTheMachine() {
    String english = ReportMarkdown.of(Findings.EVERYTHING);
    Locale locale = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(ReportMarkdown.of(Findings.EVERYTHING)).isEqualTo(english);
    } finally {
      Locale.setDefault(locale);
    }
  }

  @Test
  void ofNothingIsOneLine() {
    assertThat(ReportMarkdown.of(Findings.NOTHING))
        .isEqualTo(
            "**0 errors, 0 not decided, 0 acknowledged; 1 place checked, IAM's actions as of 2026-09-26**\n");
  }

  @Test
  void whatATemplateHoldsIsNeitherMarkdownNorHtml() {
    String text =
        ReportMarkdown.of(
            Findings.of("a|b\\|c", "<img src=x>`code` [d](https://e)\n# f", "@team $g$ #1 *h*"));

    assertThat(text)
        .contains("<code>a&#124;b&#92;&#124;c</code>")
        .contains(
            "<code>&#60;img src=x&#62;&#96;code&#96; &#91;d&#93;(https&#58;//e) &#35; f</code>")
        .contains("&#64;&#8203;team &#36;g&#36; &#35;&#8203;1 &#42;h&#42;");
    assertThat(text.lines()).filteredOn(line -> line.startsWith("| error")).hasSize(1);
  }

  @Test
  void neverGrowsOverWhatACommentTakes() {
    String bars = "|".repeat(10_000);
    String brackets = "[".repeat(10_000);
    List<Finding> findings =
        IntStream.range(0, 5_000).mapToObj(i -> Findings.error("r" + i, bars, brackets)).toList();
    List<Acknowledged> acknowledged =
        findings.stream()
            .map(it -> new Acknowledged(it, new Acknowledgement(it.rule(), it.where(), brackets)))
            .toList();

    String text =
        ReportMarkdown.of(new Report(findings, acknowledged, Findings.rules(), 1, 0, Findings.DAY));

    assertThat(text.length()).isBetween(50_000, ReportMarkdown.MOST_CHARACTERS);
    assertThat(text).endsWith("</details>\n");
    assertThat(text.lines().filter(line -> line.matches("and \\d+ more"))).hasSize(2);
    long rows = text.lines().filter(line -> line.startsWith("| error")).count();
    assertThat(text).contains("\nand " + (5_000 - rows) + " more\n");
  }
}
