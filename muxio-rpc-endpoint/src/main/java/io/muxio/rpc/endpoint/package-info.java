/** The handler side: registry, call context, answers. */
@NullMarked
package io.muxio.rpc.endpoint;

import org.jspecify.annotations.NullMarked;
