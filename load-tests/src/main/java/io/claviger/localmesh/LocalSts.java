package io.claviger.localmesh;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.stsfake.Principal;
import io.claviger.stsfake.SigningKey;
import io.claviger.stsfake.StsStandIn;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The STS stand-in of a mesh. Its brokers have a role's session, so the limits of a role's calls
 * (an hour at most) apply to them. Their key never expires, so that a mesh can run for days.
 *
 * @param standIn the stand-in
 * @param vertx where it runs
 */
public record LocalSts(StsStandIn standIn, Vertx vertx) implements AutoCloseable {

  private static final int TIMEOUT_SECONDS = 20;

  /** Starts a stand-in that has no key yet; its roles trust the account's callers. */
  public static LocalSts listen(String account, HostPort address) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    LocalSts sts =
        new LocalSts(new StsStandIn(vertx, InstantSource.system(), Set.of(account)), vertx);
    await(sts.standIn.listen(address));
    return sts;
  }

  static LocalSts start(String account, MeshDirectory directory) {
    LocalSts sts = listen(account, new HostPort("127.0.0.1", 0));
    SigningKey key =
        sts.standIn.register(
            Principal.session("arn:aws:iam::" + account + ":role/claviger-broker", "local-mesh"));
    PrivateFiles.write(
        directory.awsCredentials(),
        "[default]\naws_access_key_id = "
            + key.accessKeyId()
            + "\naws_secret_access_key = "
            + key.secretAccessKey()
            + "\n");
    PrivateFiles.write(directory.awsConfig(), "");
    return sts;
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  private static void await(Future<?> future) {
    try {
      future.toCompletionStage().toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new MeshException("the STS stand-in did not start: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new MeshException("the STS stand-in does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MeshException("interrupted while waiting for the STS stand-in", e);
    }
  }
}
