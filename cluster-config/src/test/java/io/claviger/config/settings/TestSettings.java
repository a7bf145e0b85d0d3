package io.claviger.config.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings of every supported type. */
@ConfigMapping(prefix = "claviger.test")
interface TestSettings {

  String name();

  @WithDefault("5s")
  Duration timeout();

  @WithDefault("7")
  int maxRetries();

  Optional<String> note();

  List<String> members();

  Map<String, String> properties();

  List<Cluster> clusters();

  Listen listen();

  interface Listen {
    @WithDefault("80")
    int port();
  }

  interface Cluster {
    String name();

    @WithDefault("false")
    boolean open();
  }
}
