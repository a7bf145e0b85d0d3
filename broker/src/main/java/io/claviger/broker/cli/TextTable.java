package io.claviger.broker.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Columns for people: a heading, aligned by spaces, no borders. What would move a terminal's
 * cursor, or turn its text around, is {@code ?}: not everybody who writes what is shown is trusted.
 */
final class TextTable {

  private static final String GAP = "   ";
  private static final Pattern MOVES_A_CURSOR = Pattern.compile("[\\p{Cc}\\p{Cf}]");

  private final List<List<String>> rows = new ArrayList<>();
  private final int[] widths;

  TextTable(String... headings) {
    widths = new int[headings.length];
    row(headings);
  }

  /** The first columns are this wide, or wider. */
  TextTable atLeast(int... least) {
    for (int i = 0; i < least.length; i++) {
      widths[i] = Math.max(widths[i], least[i]);
    }
    return this;
  }

  /** As many cells as there are headings. */
  TextTable row(String... cells) {
    List<String> row =
        Arrays.stream(cells).map(cell -> MOVES_A_CURSOR.matcher(cell).replaceAll("?")).toList();
    for (int i = 0; i < row.size(); i++) {
      widths[i] = Math.max(widths[i], row.get(i).length());
    }
    rows.add(row);
    return this;
  }

  /** The rows since the last time, the heading first; columns never get narrower. */
  String take() {
    String text = toString();
    rows.clear();
    return text;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length())).append(GAP);
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }
}
