package millrace.aws.log;

import java.util.function.Supplier;
import millrace.core.log.Log;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Warnings and errors of libraries as lines of the {@link Log}. A line has the library's pattern
 * and never what it fills in, and of an exception its class and place: a library cannot know which
 * values are personal.
 */
public final class LibraryLogs implements SLF4JServiceProvider {
  private static @Nullable Supplier<Log> target;

  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new NOPMDCAdapter();
  private final ILoggerFactory loggers = Line::new;

  /**
   * Sends the lines there; to be called before any library logs.
   *
   * @param log asked for at each line
   */
  public static void into(Supplier<Log> log) {
    target = log;
    System.setProperty("slf4j.provider", LibraryLogs.class.getName());
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return loggers;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0";
  }

  @Override
  public void initialize() {
    // nothing to prepare
  }

  private static final class Line extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;

    Line(String name) {
      this.name = name;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level,
        @Nullable Marker marker,
        @Nullable String pattern,
        Object @Nullable [] values,
        @Nullable Throwable thrown) {
      Supplier<Log> log = target;
      if (log == null) {
        return;
      }
      @Nullable Object[] fields = {
        "library", name, "exception", thrown == null ? null : place(thrown)
      };
      String message = pattern == null ? "" : pattern;
      if (level == Level.ERROR) {
        log.get().error(message, fields);
      } else {
        log.get().warn(message, fields);
      }
    }

    private static String place(Throwable thrown) {
      StackTraceElement[] trace = thrown.getStackTrace();
      return thrown.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    public boolean isTraceEnabled() {
      return false;
    }

    @Override
    public boolean isDebugEnabled() {
      return false;
    }

    @Override
    public boolean isInfoEnabled() {
      return false;
    }

    @Override
    public boolean isWarnEnabled() {
      return true;
    }

    @Override
    public boolean isErrorEnabled() {
      return true;
    }
  }
}
