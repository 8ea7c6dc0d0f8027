package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedCommandsTest {
  @Test
  void commandsAreFoundInBlocksAndInLinesAndWhatIsNoneIsLeftOut() {
    assertThat(
            QuotedCommands.in(
                """
                Run `./millrace doctor`, or `./millrace` alone; state lies in `.millrace/`.
                ```
                ./millrace up         # keeps running
                ./millrace sample orders.v1.OrderCreated 3 > orders.jsonl
                ```
                It prints:
                ```
                [  0.4 s] starting everything
                What to try next
                  ./millrace query 'select * from a.b'  ask the warehouse
                ```
                Then `git clone URL` and `./millrace query "select '#' as x"`.
                """))
        .containsExactly(
            "./millrace up",
            "./millrace sample orders.v1.OrderCreated 3 > orders.jsonl",
            "./millrace query 'select * from a.b'",
            "./millrace doctor",
            "git clone URL",
            "./millrace query \"select '#' as x\"");
  }
}
