/** What the tests of all modules share. */
@NullMarked
package io.muxio.testkit;

import org.jspecify.annotations.NullMarked;
