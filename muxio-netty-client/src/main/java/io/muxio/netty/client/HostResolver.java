package io.muxio.netty.client;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a name; may block. */
@FunctionalInterface
interface HostResolver {
  /** The addresses, at least one, in the order in which they are to be tried. */
  InetAddress[] resolve(String host) throws UnknownHostException;
}
