package io.claviger.attack;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** The TCP addresses on which a process listens, from the kernel: Linux only. */
final class ListeningSockets {

  private static final String LISTENING = "0A";
  private static final int ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final int WORD_BYTES = 4;

  private ListeningSockets() {}

  /** Each as {@code address:port}, as IPv4 also where the socket could accept IPv6. */
  static List<String> of(long pid) throws IOException {
    Set<String> inodes = sockets(pid);
    List<String> found = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      List<String> lines = Files.readAllLines(Path.of("/proc", String.valueOf(pid), "net", table));
      for (String line : lines.subList(1, lines.size())) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields[STATE].equals(LISTENING) && inodes.contains(fields[INODE])) {
          found.add(address(fields[ADDRESS]));
        }
      }
    }
    return found;
  }

  private static Set<String> sockets(long pid) throws IOException {
    Set<String> inodes = new HashSet<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(Path.of("/proc", String.valueOf(pid), "fd"))) {
      for (Path file : files) {
        String name = linked(file);
        if (name.startsWith("socket:[")) {
          inodes.add(name.substring("socket:[".length(), name.length() - 1));
        }
      }
    }
    return inodes;
  }

  private static String linked(Path file) throws IOException {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (NoSuchFileException e) {
      // It was closed after the directory was read.
      return "";
    }
  }

  /** Decodes consecutive words in the machine's byte order, here little-endian. */
  private static String address(String hexadecimal) throws IOException {
    int colon = hexadecimal.indexOf(':');
    byte[] words = HexFormat.of().parseHex(hexadecimal.substring(0, colon));
    byte[] bytes = new byte[words.length];
    for (int i = 0; i < words.length; i++) {
      bytes[i] = words[i / WORD_BYTES * WORD_BYTES + WORD_BYTES - 1 - i % WORD_BYTES];
    }
    // This converts an IPv4-mapped IPv6 address to IPv4.
    return InetAddress.getByAddress(bytes).getHostAddress()
        + ":"
        + Integer.parseInt(hexadecimal.substring(colon + 1), 16);
  }
}
