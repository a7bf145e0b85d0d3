package io.claviger.broker.ingress;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A certificate chain and its private key in PEM files, which another program renews. Keys are RSA
 * or EC, the types that Vert.x reads.
 */
public final class CertificateFiles {

  private static final byte[] PROBE = {1, 2, 3, 4};
  private static final List<String> KEY_TYPES = List.of("RSA", "EC");

  private final Path certificate;
  private final Path key;

  /** Names the files; each {@link #read} reads them again. */
  public CertificateFiles(Path certificate, Path key) {
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * Reads both files. If a file cannot be read, or the key does not belong to the certificate,
   * fails with the names of the files. That can happen while another program replaces them.
   *
   * @param good the result of an earlier check, which is not checked again
   */
  Future<PemKeyCertOptions> read(Vertx vertx, @Nullable PemKeyCertOptions good) {
    return read(vertx, certificate)
        .compose(chain -> read(vertx, key).map(secret -> pem(chain, secret)))
        .compose(pem -> pem.equals(good) ? Future.succeededFuture(pem) : check(vertx, pem));
  }

  private static Future<Buffer> read(Vertx vertx, Path file) {
    return vertx
        .fileSystem()
        .readFile(file.toString())
        .recover(failure -> Future.failedFuture("cannot read " + file));
  }

  private static PemKeyCertOptions pem(Buffer chain, Buffer secret) {
    return new PemKeyCertOptions().addCertValue(chain).addKeyValue(secret);
  }

  private Future<PemKeyCertOptions> check(Vertx vertx, PemKeyCertOptions pem) {
    return vertx
        .executeBlocking(() -> belongTogether(pem, vertx))
        .otherwise(false)
        .compose(
            together ->
                together
                    ? Future.succeededFuture(pem)
                    : Future.failedFuture(
                        certificate + " and " + key + " are not a certificate and its key"));
  }

  private static boolean belongTogether(PemKeyCertOptions pem, Vertx vertx) throws Exception {
    for (KeyManager manager : pem.getKeyManagerFactory(vertx).getKeyManagers()) {
      if (manager instanceof X509KeyManager keys) {
        for (String type : KEY_TYPES) {
          String[] aliases = keys.getServerAliases(type, null);
          if (aliases != null && aliases.length > 0) {
            PublicKey certified = keys.getCertificateChain(aliases[0])[0].getPublicKey();
            return signs(keys.getPrivateKey(aliases[0]), certified);
          }
        }
      }
    }
    return false;
  }

  private static boolean signs(PrivateKey key, PublicKey certified)
      throws GeneralSecurityException {
    String algorithm = certified.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(certified);
    signature.update(PROBE);
    return signature.verify(signed);
  }
}
