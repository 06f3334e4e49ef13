/** Two ends of a connection without sockets, for tests of what is served over it. */
@NullMarked
package io.muxio.testkit;

import org.jspecify.annotations.NullMarked;
