//! Suite `edge`: what a published client sends when its application does not flush. Published servers fail some of these.

use crate::{
    calls::{ECHO, described, echoes, noise, same},
    checks::{Check, Outcome},
    streaming::StreamingCall,
};
use muxio_tokio_rpc_client::RpcClient;
use std::sync::Arc;

pub fn checks() -> Vec<Check> {
    vec![
        Check::new("cancel-unopened", cancel_unopened),
        Check::new("end-with-header", end_with_header),
        Check::new("end-with-payload", end_with_payload),
    ]
}

/// The Cancel is the only frame of its stream.
async fn cancel_unopened(client: Arc<RpcClient>) -> Outcome {
    let mut call = StreamingCall::open(&client, ECHO).await?;
    call.cancel()?;
    echoes::<ECHO>(&client, b"still alive".to_vec()).await?;
    call.unanswered()
}

/// The whole call is one End frame.
async fn end_with_header(client: Arc<RpcClient>) -> Outcome {
    let mut call = StreamingCall::open(&client, ECHO).await?;
    call.request.write_bytes(b"all at once").map_err(described)?;
    call.end()?;
    same(&call.collect().await?, b"all at once")
}

async fn end_with_payload(client: Arc<RpcClient>) -> Outcome {
    let body = noise(1, 70_000);
    let mut call = StreamingCall::open(&client, ECHO).await?;
    call.send(&body[..100])?;
    call.request.write_bytes(&body[100..]).map_err(described)?;
    call.end()?;
    same(&call.collect().await?, &body)
}
