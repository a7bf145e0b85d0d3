package io.claviger.attack;

import io.claviger.localmesh.LocalMesh;
import io.claviger.localmesh.MeshDirectory;
import io.claviger.schemas.Check;
import io.claviger.stsfake.SigningKey;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All secrets of a mesh since its start, recorded where they are issued, and those that attacks
 * have created. Thread-safe.
 */
final class IssuedSecrets {

  /** More than the longest head, that of an elliptic curve's key, in Base64. */
  private static final int PKCS8_HEAD_CHARACTERS = 48;

  private final LocalMesh mesh;

  /** The secret members of a key in JSON (RFC 7518, section 6.3.2). */
  private static final List<String> PRIVATE = List.of("d", "p", "q", "dp", "dq", "qi");

  private static final Pattern ACCESS_KEY = Pattern.compile("secretAccessKey: \"?([^\"\\s]+)");

  private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
  private final Set<Secret> more = ConcurrentHashMap.newKeySet();

  /**
   * A secret. {@link #toString()} shows its kind only.
   *
   * @param kind of secret
   * @param text that the search must not find
   */
  record Secret(String kind, String text) {
    Secret {
      Check.text(kind, "kind");
      Check.text(text, "text");
    }

    @Override
    public String toString() {
      return kind;
    }
  }

  private IssuedSecrets(LocalMesh mesh) {
    this.mesh = mesh;
  }

  /** Records what the mesh issues from now on; edges' earlier tokens are in their files. */
  static IssuedSecrets of(LocalMesh mesh) {
    IssuedSecrets secrets = new IssuedSecrets(mesh);
    mesh.issuer().onIssued(secrets.tokens::add);
    return secrets;
  }

  /** Adds a secret that neither the mesh's issuer nor STS has issued. */
  void add(String kind, String text) {
    more.add(new Secret(kind, text));
  }

  /** Adds the present access keys: an attack's keys are gone after the next one. */
  void addAccessKeys() {
    Matcher keys =
        ACCESS_KEY.matcher(
            read(mesh.options().directory().resolve("access").resolve("access-keys.yaml")));
    keys.results().forEach(key -> add("an access key's secret", key.group(1)));
  }

  /** All secrets issued until now. */
  List<Secret> all() {
    addAccessKeys();
    List<Secret> all = new ArrayList<>(more);
    tokens.forEach(token -> all.add(new Secret("a token", token)));
    mesh.sts().keys().forEach(key -> all.addAll(ofSession(key)));
    all.add(new Secret("the operator's secret key", mesh.admin().secret()));
    Path directory = mesh.options().directory();
    files(directory.resolve("tokens"), "")
        .forEach(file -> all.add(new Secret("an edge's token", read(file))));
    files(directory.resolve("sealing-keys"), ".key")
        .forEach(file -> all.add(new Secret("a sealing key", read(file))));
    files(directory.resolve("tls"), ".key")
        .forEach(file -> all.add(new Secret("a private key", secretPart(read(file)))));
    JsonObject issuer =
        new JsonObject(read(new MeshDirectory(directory).issuer().resolve("key.json")));
    PRIVATE.forEach(
        member -> all.add(new Secret("the issuer's private key", issuer.getString(member))));
    return all;
  }

  /** The secret parts of a session's key. */
  static List<Secret> ofSession(SigningKey key) {
    List<Secret> all = new ArrayList<>();
    all.add(new Secret("a secret access key", key.secretAccessKey()));
    String token = key.sessionToken();
    if (token != null) {
      all.add(new Secret("a session token", token));
    }
    return all;
  }

  /** The secret part of a PKCS #8 key, without the head, which has the kind of key. */
  private static String secretPart(String pem) {
    return pem.lines()
        .filter(line -> !line.startsWith("-----"))
        .collect(Collectors.joining())
        .substring(PKCS8_HEAD_CHARACTERS);
  }

  private static List<Path> files(Path directory, String end) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(end)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
