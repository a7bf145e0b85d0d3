package io.claviger.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The limit of a process's open files, including connections. */
final class OpenFiles {

  private OpenFiles() {}

  /** The limit of this process and of its children; unlimited where the system reports none. */
  static long limit() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }
}
