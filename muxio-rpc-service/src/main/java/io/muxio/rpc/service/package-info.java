/** What both ends share: method definitions, ids, codecs, status, errors. */
@NullMarked
package io.muxio.rpc.service;

import org.jspecify.annotations.NullMarked;
