package io.claviger.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.localmesh.LocalMesh;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A member's first message on a connection to another member, as in ADR 18. This code is separate
 * from the brokers', so that the brokers' check is not compared with itself.
 *
 * @param mesh the name of its mesh
 * @param keyId names the sealing key
 * @param key the sealing key
 * @param to the address to which it claims to have connected
 * @param role that it claims
 */
record MemberHello(String mesh, String keyId, SecretKey key, String to, String role) {

  static final String MAGIC = "CLAVMBR1";
  static final int NONCE = 32;

  private static final String HMAC = "HmacSHA256";
  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A valid one for a broker's port. */
  static MemberHello right(LocalMesh mesh, HostPort to) throws IOException {
    Path keys = mesh.options().directory().resolve("sealing-keys");
    String keyId = Files.readString(keys.resolve("active")).strip();
    return new MemberHello(
        "local",
        keyId,
        secret(Base64.getDecoder().decode(Files.readString(keys.resolve(keyId + ".key")).strip())),
        to.host() + " " + to.port(),
        "connects");
  }

  MemberHello ofMesh(String other) {
    return new MemberHello(other, keyId, key, to, role);
  }

  MemberHello withKey(byte[] other) {
    return new MemberHello(mesh, keyId, secret(other), to, role);
  }

  MemberHello to(String other) {
    return new MemberHello(mesh, keyId, key, other, role);
  }

  MemberHello as(String other) {
    return new MemberHello(mesh, keyId, key, to, other);
  }

  private static SecretKey secret(byte[] bytes) {
    return new SecretKeySpec(bytes, HMAC);
  }

  static byte[] nonce() {
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    return nonce;
  }

  byte[] hello(byte[] nonce) {
    ByteArrayOutputStream hello = new ByteArrayOutputStream();
    hello.writeBytes(MAGIC.getBytes(US_ASCII));
    hello.write(keyId.length());
    hello.writeBytes(keyId.getBytes(US_ASCII));
    hello.writeBytes(nonce);
    return hello.toByteArray();
  }

  /** The proof that follows the other side's nonce. */
  byte[] proof(byte[] own, byte[] other) {
    byte[] extracted = hmac(new byte[NONCE], key.getEncoded());
    byte[] derived =
        hmac(extracted, ("claviger member proof " + mesh).getBytes(UTF_8), new byte[] {1});
    return hmac(
        derived,
        (role + "\0" + keyId + "\0").getBytes(US_ASCII),
        own,
        other,
        to.getBytes(US_ASCII));
  }

  /**
   * Sends the hello and returns the answer: the other side's nonce and proof. Without an answer the
   * attempt does not reach the check of a proof.
   */
  byte[] sayHello(StrangerSocket socket, byte[] own) throws ConnectException {
    try {
      return socket.send(hello(own)).read(2 * NONCE, ANSWER);
    } catch (IOException e) {
      ConnectException none = new ConnectException("no answer to a hello");
      none.initCause(e);
      throw none;
    }
  }

  /** Sends the complete proof and whatever follows; keeps the connection open. */
  StrangerSocket connect(String from, HostPort member) throws IOException {
    StrangerSocket socket = StrangerSocket.open(from, member);
    try {
      byte[] own = nonce();
      byte[] other = Arrays.copyOf(sayHello(socket, own), NONCE);
      return socket.send(proof(own, other));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static byte[] hmac(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }
}
