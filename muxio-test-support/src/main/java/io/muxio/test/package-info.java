/** What the tests of all modules share. */
@NullMarked
package io.muxio.test;

import org.jspecify.annotations.NullMarked;
