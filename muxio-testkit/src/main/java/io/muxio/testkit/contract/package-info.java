/** What every transport has to do, as tests to inherit. */
@NullMarked
package io.muxio.testkit.contract;

import org.jspecify.annotations.NullMarked;
