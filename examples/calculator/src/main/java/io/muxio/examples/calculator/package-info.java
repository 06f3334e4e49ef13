/** The reference's example service. */
@NullMarked
package io.muxio.examples.calculator;

import org.jspecify.annotations.NullMarked;
