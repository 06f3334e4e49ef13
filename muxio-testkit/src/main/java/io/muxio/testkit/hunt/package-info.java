/** Random programs of calls within calls, to find out whether any of them waits for ever. */
@NullMarked
package io.muxio.testkit.hunt;

import org.jspecify.annotations.NullMarked;
