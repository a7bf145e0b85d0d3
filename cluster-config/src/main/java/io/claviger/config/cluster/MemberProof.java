package io.claviger.config.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.hazelcast.nio.MemberSocketInterceptor;
import io.claviger.config.lifecycle.OnceAMinute;
import io.claviger.config.load.OpenConnections;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proof that two members exchange on a new connection, before the first byte of Hazelcast's
 * protocol. It shows that both have a sealing key of the same mesh.
 *
 * <pre>
 * connects: magic (8 bytes) | key id length (1) | key id | nonce (32)
 * accepts:  nonce (32) | HMAC-SHA256 of role "accepts" (32)
 * connects: HMAC-SHA256 of role "connects" (32)
 * </pre>
 *
 * <p>The HMAC key is derived from the sealing key with that id (HKDF-SHA256, RFC 5869) and the
 * mesh's name. The HMAC covers role, key id, both nonces and the address that was connected to.
 * Without a key, a peer can neither join nor make a member join it, nor relay a member's proof to
 * another member. The bytes that follow are neither encrypted nor authenticated. An attacker who
 * can change packets between two members can take over an established connection.
 *
 * <p>Unproven peers can occupy few of Hazelcast's threads, and only for a short time. Thread-safe.
 */
final class MemberProof implements MemberSocketInterceptor {

  private static final Logger LOG = LoggerFactory.getLogger(MemberProof.class);
  private static final byte[] MAGIC = "CLAVMBR1".getBytes(US_ASCII);
  private static final int KEY_ID_CHARACTERS = 64;
  private static final int BYTES = 32;
  private static final String HMAC = "HmacSHA256";

  /** Covers a round trip and two digests; a slower peer is rejected. */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** Threads for unproven peers, of the 16 that Hazelcast has for this and other work. */
  private static final int STRANGERS_AT_ONCE = 6;

  /** Threads reserved for addresses of proven members, which no unproven peer can occupy. */
  private static final int MEMBERS_AT_ONCE = 4;

  private static final int AT_ONCE_FROM_ONE = 3;

  /** More than the brokers of a mesh, including those replaced while one of them runs. */
  private static final int MOST_KNOWN = 1_000;

  private final String mesh;
  private final SealingKeys keys;
  private final SecureRandom random;
  private final Semaphore strangers = new Semaphore(STRANGERS_AT_ONCE);
  private final Semaphore members = new Semaphore(MEMBERS_AT_ONCE);
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> bySource = new ConcurrentHashMap<>();

  private final OnceAMinute refused = new OnceAMinute(System::nanoTime);

  MemberProof(String mesh, SealingKeys keys, SecureRandom random) {
    this.mesh = mesh;
    this.keys = keys;
    this.random = random;
  }

  @Override
  public void init(Properties properties) {
    // It uses nothing of the configuration.
  }

  @Override
  public void onConnect(Socket socket) throws IOException {
    try {
      connect(socket);
      know(socket.getInetAddress().getHostAddress());
    } catch (IOException | RuntimeException e) {
      refused(socket, e);
    }
  }

  private void connect(Socket socket) throws IOException {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    String keyId = keys.active();
    SecretKey key = derived(keyId);
    byte[] own = nonce();
    ByteArrayOutputStream hello = new ByteArrayOutputStream();
    hello.write(MAGIC);
    hello.write(keyId.length());
    hello.write(keyId.getBytes(US_ASCII));
    hello.write(own);
    OutputStream out = socket.getOutputStream();
    out.write(hello.toByteArray());
    out.flush();
    byte[] other = read(socket, BYTES, end);
    String to = text(socket.getRemoteSocketAddress());
    if (!MessageDigest.isEqual(
        read(socket, BYTES, end), mac(key, "accepts", keyId, own, other, to))) {
      throw new IOException("the peer did not prove that it is a member of this mesh");
    }
    out.write(mac(key, "connects", keyId, own, other, to));
    out.flush();
    socket.setSoTimeout(0);
  }

  @Override
  public void onAccept(Socket socket) throws IOException {
    try {
      takeTurn(socket);
    } catch (IOException | RuntimeException e) {
      refused(socket, e);
    }
  }

  /**
   * Ends reading and writing, so that Hazelcast sees a connection that has ended. If this method
   * threw, Hazelcast would never release what it has allocated for the connection.
   */
  private void refused(Socket socket, Exception why) throws IOException {
    socket.shutdownInput();
    socket.shutdownOutput();
    log(socket, why);
  }

  private void log(Socket socket, Exception why) {
    long count = refused.toSay();
    if (count > 0) {
      LOG.atWarn()
          .addKeyValue("from", socket.getInetAddress())
          .addKeyValue("reason", String.valueOf(why.getMessage()))
          .addKeyValue("count", count)
          .log("a connection was not let into the mesh");
    }
  }

  private void takeTurn(Socket socket) throws IOException {
    // By the full address: with IPv6 an unproven peer may share a member's network.
    String address = socket.getInetAddress().getHostAddress();
    boolean isKnown = known.contains(address);
    String source = isKnown ? address : OpenConnections.source(socket.getInetAddress());
    Semaphore reserved = isKnown ? members : strangers;
    if (!reserved.tryAcquire()) {
      throw new IOException("too many connections are proving their membership");
    }
    try {
      if (bySource.merge(source, 1, Integer::sum) > AT_ONCE_FROM_ONE) {
        throw new IOException("too many connections of one address are proving membership");
      }
      accept(socket);
      know(address);
    } finally {
      bySource.computeIfPresent(source, (from, count) -> count == 1 ? null : count - 1);
      reserved.release();
    }
  }

  private void know(String address) {
    if (known.size() < MOST_KNOWN) {
      known.add(address);
    }
  }

  private void accept(Socket socket) throws IOException {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    if (!MessageDigest.isEqual(read(socket, MAGIC.length, end), MAGIC)) {
      throw new IOException("the peer does not use the protocol of members");
    }
    int length = read(socket, 1, end)[0];
    if (length < 1 || length > KEY_ID_CHARACTERS) {
      throw new IOException("the peer sent no sealing key id");
    }
    String keyId = new String(read(socket, length, end), US_ASCII);
    byte[] other = read(socket, BYTES, end);
    SecretKey key = derived(keyId);
    byte[] own = nonce();
    String at = text(socket.getLocalSocketAddress());
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    answer.write(own);
    answer.write(mac(key, "accepts", keyId, other, own, at));
    OutputStream out = socket.getOutputStream();
    out.write(answer.toByteArray());
    out.flush();
    if (!MessageDigest.isEqual(
        read(socket, BYTES, end), mac(key, "connects", keyId, other, own, at))) {
      throw new IOException("the peer did not prove that it is a member of this mesh");
    }
    socket.setSoTimeout(0);
  }

  private byte[] nonce() {
    byte[] nonce = new byte[BYTES];
    random.nextBytes(nonce);
    return nonce;
  }

  /**
   * Reads exactly these bytes, because the next one belongs to Hazelcast. The time limit covers all
   * of them.
   */
  private static byte[] read(Socket socket, int count, long end) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] bytes = new byte[count];
    int read = 0;
    while (read < count) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new SocketTimeoutException("the peer did not prove its membership in time");
      }
      socket.setSoTimeout((int) left);
      int more = in.read(bytes, read, count - read);
      if (more < 0) {
        throw new EOFException("the peer closed before it proved its membership");
      }
      read += more;
    }
    return bytes;
  }

  private static String text(SocketAddress address) throws IOException {
    if (!(address instanceof InetSocketAddress at) || at.isUnresolved()) {
      throw new IOException("not a TCP connection");
    }
    String ip = at.getAddress().getHostAddress();
    int scope = ip.indexOf('%');
    return (scope < 0 ? ip : ip.substring(0, scope)) + " " + at.getPort();
  }

  private SecretKey derived(String keyId) throws IOException {
    SecretKey sealing =
        keys.find(keyId)
            .orElseThrow(() -> new IOException("this member has no sealing key of the peer's id"));
    // HKDF of RFC 5869 without a salt, for one block.
    byte[] extracted = hmac(new SecretKeySpec(new byte[BYTES], HMAC), sealing.getEncoded());
    byte[] info = ("claviger member proof " + mesh).getBytes(UTF_8);
    return new SecretKeySpec(hmac(new SecretKeySpec(extracted, HMAC), info, new byte[] {1}), HMAC);
  }

  /**
   * Unambiguous: every part but the last has a fixed length, or ends with a byte that it cannot
   * contain.
   */
  private static byte[] mac(
      SecretKey key, String role, String keyId, byte[] connects, byte[] accepts, String address)
      throws IOException {
    return hmac(
        key,
        (role + "\0" + keyId + "\0").getBytes(US_ASCII),
        connects,
        accepts,
        address.getBytes(US_ASCII));
  }

  private static byte[] hmac(SecretKey key, byte[]... parts) throws IOException {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IOException("every Java platform has HMAC-SHA256", e);
    }
  }
}
