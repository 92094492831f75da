package dev.ritsem.app.tool;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes what a command has to say as JSON, on lines that people can read too. */
public final class JsonOutput {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonOutput() {}

  /** Writes to a generator; may fail as a stream does. */
  @FunctionalInterface
  public interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  /** One array, whose members the content writes. */
  public static void writeArray(PrintWriter out, Content content) {
    write(
        out,
        json -> {
          json.writeStartArray();
          content.write(json);
          json.writeEndArray();
        });
  }

  /** One object, whose fields the content writes. */
  public static void writeObject(PrintWriter out, Content content) {
    write(
        out,
        json -> {
          json.writeStartObject();
          content.write(json);
          json.writeEndObject();
        });
  }

  /** Any one value. */
  public static void write(PrintWriter out, Content content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      content.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write JSON", e);
    }
    out.println(text);
  }
}
