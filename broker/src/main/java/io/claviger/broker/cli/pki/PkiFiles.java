package io.claviger.broker.cli.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A directory of certificates and keys. A failure is a {@link PkiException} with the file. */
final class PkiFiles {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> EVERYBODY =
      PosixFilePermissions.fromString("rw-r--r--");

  private final Path directory;
  private final List<Path> written = new ArrayList<>();

  PkiFiles(Path directory) {
    this.directory = directory;
  }

  /** Returns the path of a file in the directory. */
  Path at(String name) {
    return directory.resolve(name);
  }

  /** The written files, in order. */
  List<Path> written() {
    return List.copyOf(written);
  }

  Optional<String> find(String name) {
    return Files.exists(at(name)) ? Optional.of(read(at(name))) : Optional.empty();
  }

  /** Returns the sorted names of a directory's files; empty if the directory does not exist. */
  List<String> list(String name) {
    if (!Files.isDirectory(at(name))) {
      return List.of();
    }
    try (var files = Files.list(at(name))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw problem("cannot read", at(name));
    }
  }

  /** Writes a file that only its owner may read. */
  void secret(String name, String text) {
    write(name, text, OWNER_ONLY);
  }

  /** Writes a file that all users may read. */
  void open(String name, String text) {
    write(name, text, EVERYBODY);
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw problem("cannot read", file);
    }
  }

  /** Writes a file atomically: no reader sees half of it. A secret never has wider rights. */
  private void write(String name, String text, Set<PosixFilePermission> rights) {
    Path file = at(name);
    try {
      Path parent = file.toAbsolutePath().getParent();
      Files.createDirectories(parent);
      Path fresh =
          Files.createTempFile(
              parent, ".fresh", "", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      Files.writeString(fresh, text);
      Files.setPosixFilePermissions(fresh, rights);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      written.add(file);
    } catch (IOException | UncheckedIOException e) {
      throw problem("cannot write", file);
    }
  }

  private static PkiException problem(String what, Path file) {
    return new PkiException(what + " " + file);
  }
}
