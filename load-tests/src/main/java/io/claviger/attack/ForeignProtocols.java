package io.claviger.attack;

import java.util.LinkedHashMap;
import java.util.Map;

/** First bytes of protocols that no port among brokers accepts before a proof, or at all. */
final class ForeignProtocols {

  private ForeignProtocols() {}

  /** Bytes by description, one character each. */
  static Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("Hazelcast's members' protocol", "HZC");
    all.put("Hazelcast's clients' protocol", "CP2");
    all.put("Hazelcast's old clients' protocol", "CB2");
    all.put(
        "a client's authentication", "CP2\u0016\0\0\0\0\u00c0\0\u0001\0\0\0\0\0\0\0\0\0\0\0\0\0");
    all.put("REST, health", "GET /hazelcast/health HTTP/1.1\r\nHost: x\r\n\r\n");
    all.put("REST, members", "GET /hazelcast/rest/cluster HTTP/1.1\r\nHost: x\r\n\r\n");
    all.put(
        "REST, shutdown",
        "POST /hazelcast/rest/management/cluster/clusterShutdown HTTP/1.1\r\nHost: x\r\n"
            + "Content-Length: 6\r\n\r\nlocal&");
    all.put("REST, an entry", "GET /hazelcast/rest/maps/sessions/x HTTP/1.1\r\nHost: x\r\n\r\n");
    all.put("memcache, version", "version\r\n");
    all.put("memcache, stats", "stats\r\n");
    all.put("memcache, get", "get sessions:x\r\n");
    all.put("memcache, set", "set sessions:x 0 0 1\r\nx\r\n");
    all.put("memcache, binary", "\u0080\u000b\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    all.put("TLS", "\u0016\u0003\u0001\0\u00a0\u0001\0\0\u009c\u0003\u0003" + "x".repeat(154));
    all.put("a serialized object", "\u00ac\u00ed\0\u0005sr\0\u0001A");
    all.put("100 zero bytes", "\0".repeat(100));
    all.put("100 times 255", "\u00ff".repeat(100));
    all.put("another version of the proof", "CLAVMBR2\u0007local-1" + "x".repeat(32));
    all.put("the proof in small letters", "clavmbr1\u0007local-1" + "x".repeat(32));
    all.put("a proof without a key's name", MemberHello.MAGIC + "\0" + "x".repeat(32));
    all.put("a key's name of 65", MemberHello.MAGIC + "A" + "x".repeat(65 + 32));
    all.put("a key's name of 255", MemberHello.MAGIC + "\u00ff" + "x".repeat(255 + 32));
    all.put("an unknown key", MemberHello.MAGIC + "\u0007local-9" + "x".repeat(32));
    all.put("a key's name that is a path", MemberHello.MAGIC + "\u0007../../x" + "x".repeat(32));
    return all;
  }
}
