//! The streaming methods, from 0.14 on. A published handler cannot fail its answer.

use muxio_core::rpc::rpc_internals::RpcStreamEvent;
use muxio_rpc_service_endpoint::StreamResponder;

/// Sends every chunk back.
pub fn echo(event: RpcStreamEvent, answer: StreamResponder) {
    match event {
        RpcStreamEvent::PayloadChunk { bytes, .. } => answer.respond(bytes, false),
        RpcStreamEvent::End { .. } => answer.respond(vec![], true),
        _ => {}
    }
}

/// Sends as many chunks as the argument says, which is in the header or in a body of one chunk.
pub fn burst(event: RpcStreamEvent, answer: StreamResponder) {
    let argument = match &event {
        RpcStreamEvent::Header { rpc_header, .. } => &rpc_header.rpc_metadata_bytes,
        RpcStreamEvent::PayloadChunk { bytes, .. } => bytes,
        _ => return,
    };
    if argument.is_empty() {
        return;
    }
    if let Ok(both) = argument.as_slice().try_into().map(u64::from_le_bytes) {
        let (count, size) = (both as u32, (both >> 32) as usize);
        for number in 0..count {
            let mut chunk = number.to_le_bytes().to_vec();
            chunk.resize(size, 0);
            answer.respond(chunk, false);
        }
    }
    answer.respond(vec![], true);
}
