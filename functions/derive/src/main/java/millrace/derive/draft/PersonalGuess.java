package millrace.derive.draft;

import java.util.regex.Pattern;

/** What a member is likely to say of a person, by its name or by its values. */
enum PersonalGuess {
  /** Nothing that shows. */
  NONE("", "pii: PII_NONE"),
  /** Something of a person, such as a name or an address. */
  BY_NAME("personal, by its name", "pii: PII_HASH"),
  BY_VALUE("personal, by its values", "pii: PII_HASH"),
  /** The id by which systems know a person: models join by it, and reports need not see it. */
  PERSON_ID(
      "names a person, so stored clear and masked for reports",
      "pii: PII_NONE access: ACCESS_RESTRICTED");

  private static final Pattern NAMES =
      Pattern.compile(
          "(^|_)(e?mail|phone|tel|telephone|mobile|fax|name|first|last|full_?name|first_?name|last_?name"
              + "|surname|user_?name|login|nick_?name|street|address|zip|zip_?code|postal|post_?code"
              + "|birth|birthday|birth_?date|dob|ip|iban|ssn|passport|user_agent|recipient|signature)"
              + "(_|$)");

  private static final Pattern PERSON_IDS =
      Pattern.compile(
          "(^|_)(customer|user|person|account|member|client|buyer|patient|employee|subscriber|owner)"
              + "_(id|uuid|number|no|ref|key)$");

  /** Mail addresses, IP addresses, IBANs, and numbers that begin as international calls do. */
  private static final Pattern VALUES =
      Pattern.compile(
          "[^@\\s]+@[^@\\s]+\\.[^@\\s]+"
              + "|(\\d{1,3}\\.){3}\\d{1,3}"
              + "|([0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}"
              + "|[A-Z]{2}\\d{2} ?([0-9A-Z]{4} ?){3,7}[0-9A-Z]{0,4}"
              + "|\\+\\d[\\d ()/-]{6,}");

  private final String words;
  private final String option;

  PersonalGuess(String words, String option) {
    this.words = words;
    this.option = option;
  }

  /**
   * @param name in snake case
   */
  static PersonalGuess of(String name, SampleField field) {
    if (NAMES.matcher(name).find()) {
      return BY_NAME;
    }
    if (field.personalTexts > 0) {
      return BY_VALUE;
    }
    return PERSON_IDS.matcher(name).find() ? PERSON_ID : NONE;
  }

  static boolean isPersonal(String text) {
    return VALUES.matcher(text).matches();
  }

  /** For the comment; empty when there is nothing to say. */
  String words() {
    return words;
  }

  /** What the contract's option says. */
  String option() {
    return option;
  }
}
