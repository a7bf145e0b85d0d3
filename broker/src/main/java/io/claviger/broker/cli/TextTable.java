package io.claviger.broker.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Text in aligned columns with a heading. Cells may come from untrusted clients, so a character
 * that would move a terminal's cursor or reverse its text is replaced by {@code ?}.
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

  /** Sets minimum widths of the first columns. */
  TextTable atLeast(int... least) {
    for (int i = 0; i < least.length; i++) {
      widths[i] = Math.max(widths[i], least[i]);
    }
    return this;
  }

  /** Adds a row with one cell for each heading. */
  TextTable row(String... cells) {
    List<String> row =
        Arrays.stream(cells).map(cell -> MOVES_A_CURSOR.matcher(cell).replaceAll("?")).toList();
    for (int i = 0; i < row.size(); i++) {
      widths[i] = Math.max(widths[i], row.get(i).length());
    }
    rows.add(row);
    return this;
  }

  /** Returns and removes the rows added since the last call. Columns never get narrower. */
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
