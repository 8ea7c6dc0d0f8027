package millrace.infra.stack;

import java.util.Optional;

/**
 * How the consumer gets to the broker, whoever runs it.
 *
 * @param url AMQPS URL without user and password
 * @param secretArn secret with both
 * @param secretKeyArn the customer key that the secret is under, if it is under one
 */
public record BrokerAccess(String url, String secretArn, Optional<String> secretKeyArn) {}
