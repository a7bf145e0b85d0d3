package io.claviger.edge.workload;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The platform's resolver, which counts the looked-up names (a service of the tests). */
public final class CountingResolver extends InetAddressResolverProvider {

  private static final AtomicLong LOOKUPS = new AtomicLong();

  /** Returns how many names were looked up so far. */
  static long lookups() {
    return LOOKUPS.get();
  }

  @Override
  public InetAddressResolver get(Configuration configuration) {
    InetAddressResolver platform = configuration.builtinResolver();
    return new InetAddressResolver() {
      @Override
      public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
          throws UnknownHostException {
        LOOKUPS.incrementAndGet();
        return platform.lookupByName(host, policy);
      }

      @Override
      public String lookupByAddress(byte[] address) throws UnknownHostException {
        return platform.lookupByAddress(address);
      }
    };
  }

  @Override
  public String name() {
    return "counting";
  }
}
