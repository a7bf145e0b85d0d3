package io.claviger.broker.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An option's text, or {@code file://PATH} of a file that holds it, as the AWS CLI has it. */
final class TextOrFile implements ITypeConverter<String> {

  private static final String FILE = "file://";

  @Override
  public String convert(String text) {
    if (!text.startsWith(FILE)) {
      return text;
    }
    try {
      return Files.readString(Path.of(text.substring(FILE.length())));
    } catch (IOException e) {
      throw new TypeConversionException(text + " cannot be read: " + e.getClass().getSimpleName());
    }
  }
}
