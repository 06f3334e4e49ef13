//! Suite `bidi`: the server calls the client back over the connection on which it is being called.

use crate::{
    calls::{all_good, described, raw},
    checks::{Check, Outcome},
};
use example_muxio_rpc_service_definition::prebuffered::Add;
use muxio_rpc_service::{method_id_hash, prebuffered::RpcMethodPrebuffered};
use muxio_rpc_service_endpoint::RpcServiceEndpointInterface;
use muxio_tokio_rpc_client::RpcClient;
use std::sync::Arc;
use tokio::task::JoinSet;

pub const CALL_ME: u64 = method_id_hash("call_me");
const CALL_ME_INLINE: u64 = method_id_hash("call_me.inline");

pub fn checks() -> Vec<Check> {
    vec![
        Check::new("call_me", |client| called_back::<CALL_ME>(client, 1)),
        Check::new("call_me-20", |client| called_back::<CALL_ME>(client, 20)),
        Check::new("call_me.inline", |client| called_back::<CALL_ME_INLINE>(client, 1)),
        Check::new("call_me.inline-20", |client| called_back::<CALL_ME_INLINE>(client, 20)),
    ]
}

/// So many calls at once, each of which the server answers with what this client makes of the same numbers.
pub async fn called_back<const METHOD: u64>(client: Arc<RpcClient>, calls: usize) -> Outcome {
    // An error says that an earlier check on this connection has registered it already.
    let _ = client
        .get_endpoint()
        .register_prebuffered(Add::METHOD_ID, |argument, _| async move {
            Ok(Add::encode_response(Add::decode_request(&argument)?.iter().sum())?)
        })
        .await;
    let mut running = JoinSet::new();
    for number in 0..calls {
        let client = client.clone();
        running.spawn(async move {
            let request = Add::encode_request(vec![1.0, 2.0, number as f64]).map_err(described)?;
            let answer = Add::decode_response(&raw::<METHOD>(&client, request).await?).map_err(described)?;
            let expected = 3.0 + number as f64;
            if answer == expected { Ok(()) } else { Err(format!("{answer}, expected {expected}")) }
        });
    }
    all_good(running).await
}
