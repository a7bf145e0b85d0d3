package io.claviger.bench;

import static io.claviger.bench.Plot.escaped;

import io.claviger.bench.LoadResult.Aim;
import io.claviger.bench.LoadResult.Figure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Results as one self-contained page, without scripts and without requests to other servers. */
public final class HtmlReport {

  private static final String STYLE = "load-report.css";

  private HtmlReport() {}

  /** The page. Of the machine it shows only the number of processors. */
  public static String of(List<LoadResult> results, LocalDate day) {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>Claviger under load</title>\n<style>\n")
        .append(style())
        .append("</style></head><body>\n<h1>Claviger under load</h1>\n<p class=\"note\">")
        .append(day)
        .append(" · ")
        .append(Runtime.getRuntime().availableProcessors())
        .append(" processors, shared by mesh, Kafka, STS and load generator · Java ")
        .append(Runtime.version().feature())
        .append(" · medians of rounds, latencies from when each request was due</p>\n");
    results.forEach(result -> section(result, page));
    return page.append("</body></html>\n").toString();
  }

  private static void section(LoadResult result, StringBuilder page) {
    page.append("<section><h2>")
        .append(escaped(result.scenario()))
        .append("</h2><p>")
        .append(escaped(result.what()))
        .append("</p>\n<ul class=\"aims\">");
    result.broken().forEach(line -> item("broken", "broken: " + line, page));
    for (Aim aim : result.aims()) {
      item(
          aim.met() ? "met" : "missed",
          (aim.met() ? "✓ " : "✗ ") + aim.what() + ": " + LoadResult.number(aim.value()),
          page);
    }
    page.append("</ul>\n<div class=\"charts\">\n");
    result.charts().forEach(chart -> page.append(Plot.of(chart)));
    page.append("</div>\n");
    table(result.figures(), page);
    page.append("</section>\n");
  }

  private static void item(String kind, String text, StringBuilder page) {
    page.append("<li class=\"").append(kind).append("\">").append(escaped(text)).append("</li>");
  }

  /** One row for each subject, one column for each figure. */
  private static void table(List<Figure> figures, StringBuilder page) {
    Set<String> columns = new LinkedHashSet<>();
    Map<String, Map<String, Figure>> rows = new LinkedHashMap<>();
    for (Figure figure : figures) {
      columns.add(figure.name());
      rows.computeIfAbsent(figure.of(), absent -> new LinkedHashMap<>()).put(figure.name(), figure);
    }
    page.append("<div class=\"table\"><table><thead><tr><th></th>");
    columns.forEach(name -> page.append("<th>").append(escaped(name)).append("</th>"));
    page.append("</tr></thead><tbody>\n");
    rows.forEach(
        (of, row) -> {
          page.append("<tr><th>").append(escaped(of)).append("</th>");
          for (String column : columns) {
            Figure figure = row.get(column);
            page.append("<td>")
                .append(figure == null ? "" : escaped(figure.text()))
                .append("</td>");
          }
          page.append("</tr>\n");
        });
    page.append("</tbody></table></div>\n");
  }

  private static String style() {
    try (InputStream style = HtmlReport.class.getResourceAsStream(STYLE)) {
      if (style == null) {
        throw new IllegalStateException(STYLE + " is not on the class path");
      }
      return new String(style.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
