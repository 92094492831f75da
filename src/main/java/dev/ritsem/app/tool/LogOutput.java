package dev.ritsem.app.tool;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Log output of the program: one line an event with time, level and subject, to standard error or
 * to a file that is rolled by size. It is set up in code because reading an XML file would be a
 * noticeable part of a node's start; a program that embeds a node keeps its own set-up.
 */
public final class LogOutput {
  private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %logger{0}: %msg%n";

  private static final long FILE_BYTES = 16L << 20;
  private static final int OLD_FILES = 4;

  /** Libraries whose everyday news are not a node operator's. */
  private static final List<String> QUIET = List.of("akka", "io.netty", "org.apache.kafka");

  private LogOutput() {}

  /** Logs to standard error, from this level on. */
  public static void toConsole(Level level) {
    LoggerContext context = emptied();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setTarget("System.err");
    use(context, console, level);
  }

  /** Logs to a file; when it is full it is kept as file.1 and a new one begun. */
  public static void toFile(Path file) {
    LoggerContext context = emptied();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setFile(file.toString());
    FixedWindowRollingPolicy window = new FixedWindowRollingPolicy();
    window.setContext(context);
    window.setParent(appender);
    window.setFileNamePattern(file + ".%i");
    window.setMinIndex(1);
    window.setMaxIndex(OLD_FILES);
    window.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(new FileSize(FILE_BYTES));
    size.start();
    appender.setRollingPolicy(window);
    appender.setTriggeringPolicy(size);
    use(context, appender, Level.INFO);
  }

  /** Writes out whatever an appender still holds. */
  public static void stop() {
    context().stop();
  }

  private static LoggerContext emptied() {
    LoggerContext context = context();
    context.reset();
    return context;
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  private static void use(
      LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, Level level) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    attach(context, appender, level);
  }

  private static void attach(LoggerContext context, Appender<ILoggingEvent> appender, Level level) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(appender);
    Level quiet = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
    QUIET.forEach(name -> context.getLogger(name).setLevel(quiet));
  }
}
