package millrace.local.run;

import java.net.URI;

/** AMQP URLs as they may be shown. */
final class AmqpUrls {
  private AmqpUrls() {}

  static String withoutPassword(URI url) {
    return url.toString().replaceFirst("://([^:/@]*):[^@]*@", "://$1@");
  }
}
