package io.claviger.broker.ingress.admission;

import java.util.List;

/** The family of the edge's link-local address on each node. */
public enum IpFamily {
  /** 169.254.170.23. */
  IPV4,
  /** fd00:ec2::23. */
  IPV6;

  /** The URI of the credential endpoint. */
  String uri() {
    return switch (this) {
      case IPV4 -> "http://169.254.170.23/v1/credentials";
      case IPV6 -> "http://[fd00:ec2::23]/v1/credentials";
    };
  }

  /** The address in proxy settings. Clients differ on the brackets, so IPv6 has both forms. */
  List<String> unproxied() {
    return switch (this) {
      case IPV4 -> List.of("169.254.170.23");
      case IPV6 -> List.of("fd00:ec2::23", "[fd00:ec2::23]");
    };
  }
}
