package io.claviger.bench;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * The results of a generator's requests.
 *
 * @param statuses number of requests by HTTP status, {@link LoadConnection#BROKEN} or {@link
 *     LoadConnection#SILENT}
 * @param micros durations, from when each was due; flat out, from when it was sent
 * @param millis from the first request to the last answer
 * @param cpuMillis the generator's processor time
 */
public record LoadRun(Map<Integer, Long> statuses, Histogram micros, long millis, long cpuMillis) {

  public LoadRun {
    statuses = Map.copyOf(statuses);
  }

  /** The last line that a generator's process prints. */
  String written() {
    return "end "
        + millis
        + " "
        + cpuMillis
        + " "
        + new TreeMap<>(statuses)
            .entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","))
        + " "
        + encoded(micros);
  }

  private static String encoded(Histogram histogram) {
    ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(bytes);
    byte[] written = new byte[length];
    bytes.get(0, written);
    return Base64.getEncoder().encodeToString(written);
  }

  /** The inverse of {@link #written()}. */
  static LoadRun parse(String line) {
    String[] words = line.split(" ", -1);
    Map<Integer, Long> statuses = new TreeMap<>();
    for (String status : words[3].split(",", -1)) {
      String[] counted = status.split("=", 2);
      statuses.put(Integer.parseInt(counted[0]), Long.parseLong(counted[1]));
    }
    try {
      return new LoadRun(
          statuses,
          Histogram.decodeFromCompressedByteBuffer(
              ByteBuffer.wrap(Base64.getDecoder().decode(words[4])), 0),
          Long.parseLong(words[1]),
          Long.parseLong(words[2]));
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("not a histogram", e);
    }
  }

  /** The number of all requests. */
  public long requests() {
    return micros.getTotalCount();
  }

  /** The number of requests that were answered 200. */
  long served() {
    return statuses.getOrDefault(200, 0L);
  }

  /** The number of requests that were not answered 200. */
  public long failed() {
    return requests() - served();
  }

  /** Requests a second that were answered 200. */
  double perSecond() {
    return 1_000.0 * served() / millis;
  }

  /** The time within which this percentage was answered, in milliseconds. */
  double within(double percent) {
    return micros.getValueAtPercentile(percent) / 1_000.0;
  }
}
