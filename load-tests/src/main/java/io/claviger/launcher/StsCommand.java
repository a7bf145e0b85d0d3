package io.claviger.launcher;

import io.claviger.config.lifecycle.HostPort;
import io.claviger.localmesh.LocalSts;
import io.claviger.localmesh.MeshException;
import io.claviger.stsfake.Principal;
import io.claviger.stsfake.RoleTrust;
import io.claviger.stsfake.SigningKey;
import io.claviger.stsfake.StsStandIn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileProperty;

/** {@code claviger sts}: the stand-in for STS, until the process is terminated. */
@Command(
    name = "sts",
    description = "Runs the stand-in for STS alone, for brokers on other machines, as in the demo.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Only this stand-in accepts the sessions that it issues, and only while it runs."
    })
final class StsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--listen",
      defaultValue = "127.0.0.1:8080",
      paramLabel = "HOST:PORT",
      description = "Where to listen, in plain HTTP. Default: ${DEFAULT-VALUE}.")
  private String listen = "";

  @Option(
      names = "--account",
      required = true,
      paramLabel = "ACCOUNT",
      description = "The account of users and roles: 12 digits.")
  private String account = "";

  @Option(
      names = "--user",
      required = true,
      paramLabel = "NAME=FILE",
      description =
          "A user of the account, and an AWS credentials file whose default profile has the user's"
              + " key. May be repeated.")
  private Map<String, Path> users = new LinkedHashMap<>();

  @Option(
      names = "--trust",
      paramLabel = "ROLE",
      description =
          "The ARN of a role that trusts these users; other roles then trust no caller. May be"
              + " repeated. Without it every role trusts all callers of the account.")
  private List<String> roles = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    List<SigningKey> keys =
        users.entrySet().stream()
            .map(user -> key("arn:aws:iam::" + account + ":user/" + user.getKey(), user.getValue()))
            .toList();
    try (LocalSts sts = LocalSts.listen(account, HostPort.parse(listen))) {
      StsStandIn standIn = sts.standIn();
      keys.forEach(standIn::register);
      if (!roles.isEmpty()) {
        standIn.trustByDefault(RoleTrust.nobody());
        RoleTrust trust =
            RoleTrust.only(keys.stream().map(key -> key.principal().arn()).toArray(String[]::new));
        roles.forEach(role -> standIn.trust(role, trust));
      }
      spec.commandLine().getOut().println("READY " + standIn.endpoint());
      spec.commandLine().getOut().flush();
      new CountDownLatch(1).await();
    }
    return 0;
  }

  private static SigningKey key(String user, Path file) {
    if (!Files.isReadable(file)) {
      throw new MeshException("cannot read " + file);
    }
    Profile profile =
        ProfileFile.builder()
            .content(file)
            .type(ProfileFile.Type.CREDENTIALS)
            .build()
            .profile("default")
            .orElseThrow(() -> new MeshException("there is no default profile in " + file));
    return SigningKey.permanent(
        property(profile, ProfileProperty.AWS_ACCESS_KEY_ID, file),
        property(profile, ProfileProperty.AWS_SECRET_ACCESS_KEY, file),
        Principal.user(user));
  }

  private static String property(Profile profile, String name, Path file) {
    return profile
        .property(name)
        .orElseThrow(() -> new MeshException("the default profile has no " + name + " in " + file));
  }
}
