/** Bitcode beside the formats that Java programs use today: time and bytes. */
package io.muxio.benchmarks.codec;
