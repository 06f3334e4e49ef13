//! Methods that call their caller back. A handler of the published servers holds the lock that the answer to it needs,
//! so the calls are made after it has returned.

use crate::Failure;
use example_muxio_rpc_service_definition::prebuffered::{Add, Mult};
use muxio_rpc_service::prebuffered::RpcMethodPrebuffered;
use muxio_rpc_service_caller::prebuffered::RpcCallPrebuffered;
use muxio_tokio_rpc_server::{ConnectionContext, ConnectionContextHandle};
use std::sync::Arc;

/// What the caller makes of the numbers.
async fn sum(argument: &[u8], caller: &ConnectionContextHandle) -> Result<f64, Failure> {
    Ok(Add::call(caller, Add::decode_request(argument)?).await?)
}

/// Has the caller add the numbers, and then multiply the sum by itself.
pub fn later(argument: Vec<u8>, connection: Arc<ConnectionContext>) {
    tokio::spawn(async move {
        let caller = ConnectionContextHandle(connection);
        if let Err(failure) = square(&argument, &caller).await {
            eprintln!("call_me.later: {failure}");
        }
    });
}

async fn square(argument: &[u8], caller: &ConnectionContextHandle) -> Result<(), Failure> {
    let sum = sum(argument, caller).await?;
    Mult::call(caller, vec![sum, sum]).await?;
    Ok(())
}

/// As a streaming handler `call_me` can answer once its caller has answered; if that fails, with nothing.
#[cfg(feature = "streams")]
pub fn call_me(
    event: muxio_core::rpc::rpc_internals::RpcStreamEvent,
    answer: muxio_rpc_service_endpoint::StreamResponder,
    connection: Arc<ConnectionContext>,
) {
    let muxio_core::rpc::rpc_internals::RpcStreamEvent::Header { rpc_header, .. } = event else { return };
    tokio::spawn(async move {
        let caller = ConnectionContextHandle(connection);
        match sum(&rpc_header.rpc_metadata_bytes, &caller).await.and_then(|sum| Ok(Add::encode_response(sum)?)) {
            Ok(encoded) => answer.respond(encoded, false),
            Err(failure) => eprintln!("call_me: {failure}"),
        }
        answer.respond(vec![], true);
    });
}
