package millrace.derive.change;

import static org.assertj.core.api.Assertions.assertThat;

import build.buf.validate.FieldRules;
import build.buf.validate.MessageRules;
import com.google.protobuf.TextFormat;
import millrace.derive.change.RuleDifferences.Difference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleDifferencesTest {
  private static FieldRules field(String rules) throws TextFormat.ParseException {
    return TextFormat.parse(rules, FieldRules.class);
  }

  /** Both directions of one pair: what is looser one way is tighter the other. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          required: true                          | ~~
          int32 {gte: 1}                          | ~~
          int32 {gte: 1}                          | int32 {gte: 0}
          int32 {gt: 1}                           | int32 {gte: 1}
          int32 {lte: 9}                          | int32 {lte: 10}
          int32 {lt: 9}                           | int32 {lte: 9}
          int32 {gte: 1 lte: 9}                   | int32 {gte: 1}
          int32 {gte: 2}                          | int64 {gte: 1}
          uint64 {lte: 9}                         | uint64 {lte: 18446744073709551615}
          double {finite: true}                   | double {}
          int32 {const: 1}                        | int32 {}
          int32 {in: [1]}                         | int32 {in: [1, 2]}
          int32 {not_in: [1, 2]}                  | int32 {not_in: [1]}
          string {min_len: 2}                     | string {min_len: 1}
          string {max_len: 2}                     | string {max_len: 3}
          string {len: 3}                         | string {}
          string {pattern: '^a'}                  | string {}
          string {email: true}                    | string {}
          string {well_known_regex: 1}            | string {well_known_regex: 1 strict: false}
          bytes {max_len: 2}                      | bytes {max_len: 3}
          enum {defined_only: true}               | enum {}
          repeated {min_items: 1}                 | repeated {}
          repeated {unique: true}                 | repeated {unique: false}
          repeated {items {string {min_len: 2}}}  | repeated {items {string {min_len: 1}}}
          map {keys {string {max_len: 2}}}        | map {keys {string {max_len: 3}}}
          map {values {int32 {gt: 0}}}            | map {values {}}
          timestamp {within {seconds: 1}}         | timestamp {within {seconds: 1 nanos: 5}}
          timestamp {lt_now: true}                | timestamp {}
          duration {gte {seconds: 2}}             | duration {gte {seconds: 1}}
          string {min_len: 2}                     | string {min_len: 2} ignore: IGNORE_IF_ZERO_VALUE
          string {len: 3}                         | string {len: 3} ignore: IGNORE_ALWAYS
          cel {id: 'a' expression: 'this > 1'}    | ~~
          cel_expression: 'this > 1'              | ~~
          """)
  void aRuleThatLetsMoreThroughIsLooserAndTheOtherWayRoundTighter(String tighter, String looser)
      throws Exception {
    assertThat(RuleDifferences.of(field(tighter), field(looser)))
        .isNotEmpty()
        .noneMatch(Difference::tighter);
    assertThat(RuleDifferences.of(field(looser), field(tighter))).anyMatch(Difference::tighter);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          string {pattern: '^a'}                     | string {pattern: '^b'}
          string {prefix: 'a'}                       | string {suffix: 'a'}
          string {email: true}                       | string {uuid: true}
          int32 {const: 1}                           | int32 {const: 2}
          int32 {in: [1, 2]}                         | int32 {in: [2, 3]}
          int32 {gte: 1 lte: 9}                      | int32 {gte: 2 lte: 10}
          int32 {gt: 9 lt: 1}                        | int32 {gt: 9}
          double {gte: 1}                            | double {gte: nan}
          cel {id: 'a' expression: 'this > 1'}       | cel {id: 'a' expression: 'this > 2'}
          """)
  void whatOnlyMovesIsTighterBothWays(String one, String other) throws Exception {
    assertThat(RuleDifferences.of(field(one), field(other))).anyMatch(Difference::tighter);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          int32 {gte: 1}                             | int64 {gte: 1}
          double {gte: 1}                            | double {gte: 1.0}
          int32 {in: [1, 2]}                         | int32 {in: [2, 1]}
          string {example: 'a'}                      | string {example: 'b'}
          string {email: false}                      | ~~
          ignore: IGNORE_UNSPECIFIED                 | ~~
          cel {id: 'a' expression: 'this > 1'}       | cel {id: 'b' message: 'm' expression: 'this > 1'}
          cel {id: 'a' expression: 'this > 1'}       | cel_expression: 'this > 1'
          """)
  void whatAsksTheSameIsNoDifference(String one, String other) throws Exception {
    assertThat(RuleDifferences.of(field(one), field(other))).isEmpty();
    assertThat(RuleDifferences.of(field(other), field(one))).isEmpty();
  }

  @Test
  void allRulesGoneIsLooserAlsoWhereEmptyValuesWereIgnored() throws Exception {
    assertThat(
            RuleDifferences.of(
                field("string {len: 3} ignore: IGNORE_IF_ZERO_VALUE"),
                FieldRules.getDefaultInstance()))
        .hasSize(2)
        .noneMatch(Difference::tighter);
  }

  @Test
  void theFieldsOfWhichAMessageMayHaveOneAreNotJudgedLooserEitherWay() throws Exception {
    var rules = TextFormat.parse("oneof {fields: ['a', 'b']}", MessageRules.class);

    assertThat(RuleDifferences.of(rules, MessageRules.getDefaultInstance()))
        .allMatch(Difference::tighter)
        .hasSize(1);
    assertThat(RuleDifferences.of(MessageRules.getDefaultInstance(), rules))
        .allMatch(Difference::tighter)
        .hasSize(1);
  }

  @Test
  void aDifferenceNamesTheRuleAndBothItsValues() throws Exception {
    assertThat(
            RuleDifferences.of(
                field("repeated {items {int32 {gt: 1 in: [3]}}}"),
                field("repeated {items {int32 {gte: 100 in: [3, 4]}} min_items: 2}")))
        .containsExactly(
            new Difference(false, "items.in from [3] to [3, 4]"),
            new Difference(true, "items.lower bound from without 1 to 100"),
            new Difference(true, "min_items added (2)"));
  }
}
