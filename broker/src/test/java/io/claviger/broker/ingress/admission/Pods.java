package io.claviger.broker.ingress.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random pods in all shapes that matter to a patch. Equal seeds give equal pods. */
final class Pods {

  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final List<String> VARIABLES =
      List.of(
          "LOG",
          "NO_PROXY",
          "no_proxy",
          ContainerPatch.URI,
          ContainerPatch.TOKEN_FILE,
          ContainerPatch.REGION,
          ContainerPatch.DEFAULT_REGION,
          ContainerPatch.STS_ENDPOINTS,
          ContainerPatch.ENDPOINT_MODE);
  private static final List<String> VALUES =
      List.of("", "a", ".svc,10.0.0.0/8", "*", ".svc, 169.254.170.23", "fd00:ec2::23,");
  private static final List<String> VOLUMES = List.of("cfg", PodPatch.VOLUME);

  private final Random random;

  private Pods(long seed) {
    random = new Random(seed);
  }

  /** Returns a pod that a client could send to an API server. */
  static JsonNode of(long seed) {
    return JSON.valueToTree(new Pods(seed).pod());
  }

  private Map<String, Object> pod() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", "p");
    put(metadata, "labels", maybe(labels()));
    put(metadata, "annotations", maybe(annotations()));
    Map<String, Object> spec = new LinkedHashMap<>();
    List<String> volumes = VOLUMES.stream().filter(volume -> random.nextBoolean()).toList();
    put(spec, "volumes", maybe(volumes.stream().map(Pods::volume).toList()));
    boolean hasVolumes = spec.containsKey("volumes");
    put(spec, "initContainers", maybe(containers("init", 0, hasVolumes ? volumes : List.of())));
    spec.put("containers", containers("app", 1, hasVolumes ? volumes : List.of()));
    if (random.nextInt(4) == 0) {
      spec.put("nodeSelector", Map.of("kubernetes.io/os", "windows"));
    }
    return Map.of("apiVersion", "v1", "kind", "Pod", "metadata", metadata, "spec", spec);
  }

  private Map<String, Object> labels() {
    return switch (random.nextInt(3)) {
      case 0 -> Map.of();
      case 1 -> Map.of("app", "cart");
      default -> Map.of(PodPatch.LABEL, "of-my-own");
    };
  }

  private Map<String, Object> annotations() {
    return switch (random.nextInt(3)) {
      case 0 -> Map.of();
      case 1 -> Map.of(InjectionOptions.SKIP_CONTAINERS, " app-0,init-1 ");
      default -> Map.of(InjectionOptions.TOKEN_EXPIRATION, "3600");
    };
  }

  private static Map<String, Object> volume(String name) {
    return Map.of("name", name, "emptyDir", Map.of());
  }

  private List<Object> containers(String prefix, int least, List<String> volumes) {
    List<Object> containers = new ArrayList<>();
    int count = least + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      Map<String, Object> container = new LinkedHashMap<>();
      container.put("name", prefix + "-" + i);
      container.put("image", "shop/cart:1");
      if (prefix.equals("init") && random.nextBoolean()) {
        container.put("restartPolicy", "Always");
      }
      put(container, "env", maybe(env()));
      put(container, "volumeMounts", maybe(mounts(volumes)));
      containers.add(container);
    }
    return containers;
  }

  private List<Object> env() {
    List<Object> env = new ArrayList<>();
    for (String name : VARIABLES) {
      if (random.nextInt(3) == 0) {
        Map<String, Object> variable = new LinkedHashMap<>();
        variable.put("name", name);
        switch (random.nextInt(4)) {
          case 0 ->
              variable.put(
                  "valueFrom", Map.of("configMapKeyRef", Map.of("name", "cfg", "key", "k")));
          case 1 -> {}
          default -> variable.put("value", VALUES.get(random.nextInt(VALUES.size())));
        }
        env.add(variable);
      }
    }
    return env;
  }

  private List<Object> mounts(List<String> volumes) {
    List<Object> mounts = new ArrayList<>();
    for (String volume : volumes) {
      if (random.nextBoolean()) {
        boolean there = mounts.isEmpty() && random.nextInt(3) == 0;
        String path = there ? ContainerPatch.MOUNT_PATH + "/" : "/mnt/" + volume;
        mounts.add(Map.of("name", volume, "mountPath", path));
      }
    }
    return mounts;
  }

  /** Returns the value or nothing, at random. */
  private @Nullable Object maybe(Object value) {
    return random.nextInt(3) == 0 ? null : value;
  }

  private static void put(Map<String, Object> map, String key, @Nullable Object value) {
    if (value != null) {
      map.put(key, value);
    }
  }
}
