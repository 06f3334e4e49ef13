/** The storage engine: entries on disk in LMDB, written by one thread, read by any. */
@NullMarked
package io.muxio.examples.datastore.store;

import org.jspecify.annotations.NullMarked;
