package millrace.local.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.jspecify.annotations.Nullable;

/**
 * A handler as templates name it, {@code package.Class::method}, with AWS's own serializers for its
 * event and its answer.
 */
final class HandlerReference {
  private final Class<?> type;
  private final PojoSerializer<Object> in;
  private final PojoSerializer<Object> out;

  private HandlerReference(Class<?> type, Method method) {
    this.type = type;
    this.in = serializer(method.getParameterTypes()[0]);
    this.out = serializer(method.getReturnType());
  }

  /**
   * Finds the handler.
   *
   * @throws SetupFailure when the class is not there or has no such method
   */
  static HandlerReference parse(String reference) {
    String[] parts = reference.split("::", -1);
    if (parts.length != 2) {
      throw new SetupFailure(
          "handler '" + reference + "' is not of the form package.Class::method");
    }
    Class<?> type;
    try {
      type = Class.forName(parts[0]);
    } catch (ClassNotFoundException e) {
      throw new SetupFailure("handler class " + parts[0] + " is not on the class path", e);
    }
    if (!RequestHandler.class.isAssignableFrom(type) || !parts[1].equals("handleRequest")) {
      throw new SetupFailure(parts[0] + " is called through RequestHandler.handleRequest only");
    }
    // The compiler adds a bridge that takes Object; the method that was written names the types.
    Method method =
        Arrays.stream(type.getMethods())
            .filter(each -> each.getName().equals("handleRequest") && !each.isBridge())
            .filter(
                each ->
                    each.getParameterCount() == 2 && each.getParameterTypes()[1] == Context.class)
            .findFirst()
            .orElseThrow(
                () -> new SetupFailure(parts[0] + " has no handleRequest(event, Context)"));
    return new HandlerReference(type, method);
  }

  @SuppressWarnings("unchecked")
  private static PojoSerializer<Object> serializer(Class<?> type) {
    return (PojoSerializer<Object>)
        LambdaEventSerializers.serializerFor(type, HandlerReference.class.getClassLoader());
  }

  /** A new instance, by the no-argument constructor that Lambda calls too. */
  @SuppressWarnings("unchecked")
  RequestHandler<Object, Object> newHandler() {
    try {
      return (RequestHandler<Object, Object>) type.getConstructor().newInstance();
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new SetupFailure(type.getName() + " cannot be made: " + cause.getMessage(), cause);
    } catch (ReflectiveOperationException e) {
      throw new SetupFailure(type.getName() + " has no public constructor without arguments", e);
    }
  }

  Object event(InputStream json) {
    return in.fromJson(json);
  }

  byte[] answer(@Nullable Object result) {
    if (result == null) {
      return new byte[0];
    }
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
      out.toJson(result, bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
