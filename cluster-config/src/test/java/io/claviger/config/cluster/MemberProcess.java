package io.claviger.config.cluster;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.claviger.config.lifecycle.DnsCaching;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A member that is configured like a broker: {@code HOST PORT MEMBER...}. */
final class MemberProcess {

  private MemberProcess() {}

  public static void main(String[] arguments) throws IOException {
    DnsCaching.keepShort();
    List<String> given = List.of(arguments);
    HazelcastInstance member =
        Hazelcast.newHazelcastInstance(
            new HazelcastConfiguration(
                    "named-members",
                    given.getFirst(),
                    Integer.parseInt(given.get(1)),
                    given.subList(2, given.size()))
                .toConfig());
    ForkedProcess.answer(line -> answer(member, line.split(" ", -1)));
    member.getLifecycleService().terminate();
  }

  private static String answer(HazelcastInstance member, String[] question) {
    Map<String, String> sessions = member.getReplicatedMap(HazelcastConfiguration.SESSIONS);
    return switch (question[0]) {
      case "size" -> Integer.toString(member.getCluster().getMembers().size());
      case "put" -> Objects.toString(sessions.put(question[1], question[2]));
      case "sessions" ->
          "sessions " + String.join(" ", sessions.keySet().stream().sorted().toList());
      default -> throw new IllegalArgumentException(question[0]);
    };
  }
}
