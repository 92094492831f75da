package dev.ritsem.metadata.controller;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads CBOR maps with named fields, in whatever order they come. A reader loops over {@link
 * #nextField} and {@link #skip}s names that it does not know: fields that a later version added.
 */
final class CborReader {
  private final JsonParser in;

  CborReader(JsonParser in) {
    this.in = in;
  }

  /** Reads one value of some type. */
  interface Element<T> {
    T read(CborReader in) throws IOException;
  }

  void beginObject() throws IOException {
    expect(in.nextToken(), JsonToken.START_OBJECT);
  }

  /** The next field's name, or null at the end of the map that was begun last. */
  @Nullable String nextField() throws IOException {
    String name = in.nextFieldName();
    if (name == null) {
      expect(in.currentToken(), JsonToken.END_OBJECT);
    }
    return name;
  }

  void skip() throws IOException {
    in.nextToken();
    in.skipChildren();
  }

  String text() throws IOException {
    expect(in.nextToken(), JsonToken.VALUE_STRING);
    return in.getText();
  }

  int intValue() throws IOException {
    expect(in.nextToken(), JsonToken.VALUE_NUMBER_INT);
    return in.getIntValue();
  }

  long longValue() throws IOException {
    expect(in.nextToken(), JsonToken.VALUE_NUMBER_INT);
    return in.getLongValue();
  }

  short shortValue() throws IOException {
    expect(in.nextToken(), JsonToken.VALUE_NUMBER_INT);
    return in.getShortValue();
  }

  boolean booleanValue() throws IOException {
    JsonToken token = in.nextToken();
    if (token != JsonToken.VALUE_TRUE) {
      expect(token, JsonToken.VALUE_FALSE);
    }
    return token == JsonToken.VALUE_TRUE;
  }

  byte[] binary() throws IOException {
    expect(in.nextToken(), JsonToken.VALUE_EMBEDDED_OBJECT);
    return in.getBinaryValue();
  }

  List<Integer> ints() throws IOException {
    expect(in.nextToken(), JsonToken.START_ARRAY);
    List<Integer> values = new ArrayList<>();
    while (in.nextToken() == JsonToken.VALUE_NUMBER_INT) {
      values.add(in.getIntValue());
    }
    expect(in.currentToken(), JsonToken.END_ARRAY);
    return values;
  }

  List<String> texts() throws IOException {
    expect(in.nextToken(), JsonToken.START_ARRAY);
    List<String> values = new ArrayList<>();
    while (in.nextToken() == JsonToken.VALUE_STRING) {
      values.add(in.getText());
    }
    expect(in.currentToken(), JsonToken.END_ARRAY);
    return values;
  }

  Map<String, String> textsByName() throws IOException {
    Map<String, String> values = new TreeMap<>();
    beginObject();
    for (String name = nextField(); name != null; name = nextField()) {
      values.put(name, text());
    }
    return values;
  }

  /** A list of maps; the element's reader is called with its map begun. */
  <T> List<T> objects(Element<T> element) throws IOException {
    expect(in.nextToken(), JsonToken.START_ARRAY);
    List<T> values = new ArrayList<>();
    while (in.nextToken() == JsonToken.START_OBJECT) {
      values.add(element.read(this));
    }
    expect(in.currentToken(), JsonToken.END_ARRAY);
    return values;
  }

  /** A map as a value; the reader is called with it begun. */
  <T> T object(Element<T> element) throws IOException {
    beginObject();
    return element.read(this);
  }

  /** The value of a field that must have been there. */
  static <T> T required(@Nullable T value, String field) throws IOException {
    if (value == null) {
      throw new IOException("field '" + field + "' is missing");
    }
    return value;
  }

  private static void expect(@Nullable JsonToken found, JsonToken expected) throws IOException {
    if (found != expected) {
      throw new IOException("found " + found + " in place of " + expected);
    }
  }
}
