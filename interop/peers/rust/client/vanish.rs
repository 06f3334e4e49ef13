//! A client that is gone while the server waits for its answer.

use crate::calls::{connect, described, request_of};
use example_muxio_rpc_service_definition::prebuffered::Add;
use muxio_rpc_service::{method_id_hash, prebuffered::RpcMethodPrebuffered};
use muxio_rpc_service_caller::RpcServiceCallerInterface;
use muxio_rpc_service_endpoint::RpcServiceEndpointInterface;
use std::process::exit;

/// Calls the method, and once the server calls back ends the process: no answer, no WebSocket close.
/// Returns only where the server does not call back.
pub async fn run(host: &str, port: u16, method: &str) -> String {
    match answer_of(host, port, method).await {
        Ok(answer) => format!("{method} was answered with {answer:?}, expected a call back"),
        Err(why) => why,
    }
}

async fn answer_of(host: &str, port: u16, method: &str) -> Result<Vec<u8>, String> {
    let client = connect(host, port).await?;
    client
        .get_endpoint()
        .register_prebuffered(Add::METHOD_ID, |_, _| async {
            println!("called back");
            exit(0)
        })
        .await
        .map_err(described)?;
    let numbers = Add::encode_request(vec![1.0, 2.0, 3.0]).map_err(described)?;
    let request = request_of(method_id_hash(method), &numbers);
    let (_, answer) = client.call_rpc_buffered(request, <[u8]>::to_vec).await.map_err(described)?;
    answer.map_err(described)
}
