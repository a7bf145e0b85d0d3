package io.claviger.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Processor time of a process in ms, by kind of thread. It is read from {@code /proc} (Linux). The
 * time of ended threads has the kind "ended".
 *
 * @param millis by kind
 */
record CpuUsage(Map<String, Long> millis) {

  /** USER_HZ is 100 on every Linux that Java runs on. */
  private static final int MILLIS_A_TICK = 10;

  /** Offset in {@code stat} after the name, which ends with the last parenthesis: man 5 proc. */
  private static final int USER = 11;

  private static final int SYSTEM = 12;

  /** Fields of {@code /proc/stat}: all except idle and waiting for disks. */
  private static final int[] MACHINE_BUSY = {1, 2, 3, 6, 7, 8};

  /** Kinds by prefix of a thread's name; the system keeps 15 characters of a name. */
  private static final List<Map.Entry<String, String>> KINDS =
      List.of(
          Map.entry("vert.x-eventloo", "event loop"),
          Map.entry("vert.x-acceptor", "event loop"),
          Map.entry("C1 CompilerThre", "JIT"),
          Map.entry("C2 CompilerThre", "JIT"),
          Map.entry("VM Thread", "GC and VM"),
          Map.entry("GC Thread", "GC and VM"),
          Map.entry("VM Periodic", "GC and VM"),
          Map.entry("sdk-", "SDK"),
          Map.entry("aws-java-sdk", "SDK"),
          Map.entry("claviger-", "SDK"),
          Map.entry("kafka-", "Kafka client"),
          Map.entry("hz.", "Hazelcast"),
          Map.entry("issuance", "issuance"));

  CpuUsage {
    millis = Map.copyOf(millis);
  }

  /** The usage of a running process; empty when it does not run. */
  static CpuUsage of(long pid) {
    Path process = Path.of("/proc", "" + pid);
    Map<String, Long> millis = new TreeMap<>();
    try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
      tasks.forEach(task -> add(task, millis));
    } catch (IOException e) {
      return new CpuUsage(Map.of());
    }
    long all = ticks(process) * MILLIS_A_TICK;
    long running = millis.values().stream().mapToLong(Long::longValue).sum();
    millis.put("ended", Math.max(0, all - running));
    return new CpuUsage(millis);
  }

  /**
   * The processor time of all processes since the machine's start, and the time that its host has
   * stolen, in milliseconds. Returns 0 where the system does not provide it.
   */
  static long machineMillis() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
      String[] fields = lines.findFirst().orElse("").split(" +", -1);
      return IntStream.of(MACHINE_BUSY)
              .filter(field -> field < fields.length)
              .mapToLong(field -> Long.parseLong(fields[field]))
              .sum()
          * MILLIS_A_TICK;
    } catch (IOException e) {
      return 0;
    }
  }

  private static void add(Path task, Map<String, Long> millis) {
    try {
      String name = Files.readString(task.resolve("comm")).strip();
      millis.merge(kind(name), ticks(task) * MILLIS_A_TICK, Long::sum);
    } catch (IOException e) {
      // The thread or process has ended meanwhile.
    }
  }

  private static String kind(String thread) {
    return KINDS.stream()
        .filter(kind -> thread.startsWith(kind.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("other");
  }

  private static long ticks(Path task) {
    try {
      String stat = Files.readString(task.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
    } catch (IOException e) {
      return 0;
    }
  }

  /** The usage since then. */
  CpuUsage since(CpuUsage before) {
    Map<String, Long> taken = new TreeMap<>();
    millis.forEach(
        (kind, all) -> taken.put(kind, Math.max(0, all - before.millis.getOrDefault(kind, 0L))));
    return new CpuUsage(taken);
  }

  CpuUsage plus(CpuUsage other) {
    Map<String, Long> sum = new TreeMap<>(millis);
    other.millis.forEach((kind, more) -> sum.merge(kind, more, Long::sum));
    return new CpuUsage(sum);
  }

  long total() {
    return millis.values().stream().mapToLong(Long::longValue).sum();
  }
}
