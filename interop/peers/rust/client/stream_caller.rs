//! Suite `stream-caller`: streams through the published streaming call, as an application makes them.
//! Not for 0.10: its streaming call returns when the answer begins, and sends nothing before it has returned.

use crate::{
    calls::{NO_SUCH_METHOD, described, request_of, same},
    checks::{Check, Outcome},
    stream::{STREAM_BURST, STREAM_ECHO, burst_argument, burst_chunk, noises},
    streaming::open_request,
};
use futures_util::StreamExt;
use muxio_core::rpc::{
    RpcRequest,
    rpc_internals::{RpcStreamEncoder, rpc_trait::RpcEmit},
};
use muxio_rpc_service::{
    error::{RpcServiceError, RpcServiceErrorCode},
    method_id_hash,
};
use muxio_rpc_service_caller::{DynamicChannelType, DynamicReceiver, RpcServiceCallerInterface};
use muxio_tokio_rpc_client::RpcClient;
use std::sync::Arc;

const STREAM_FAIL: u64 = method_id_hash("stream.fail");

type Request = RpcStreamEncoder<Box<dyn RpcEmit + Send + Sync>>;

pub fn checks() -> Vec<Check> {
    vec![
        Check::new("stream-caller-200", |client| echo(client, 200)),
        Check::new("stream-caller-ping-pong", |client| echo(client, 0)),
        Check::new("stream-caller-empty", empty),
        Check::new("stream-caller-burst", burst),
        Check::new("stream-caller-unknown", unknown),
        Check::new("stream-caller-malformed", malformed),
        Check::new("stream-caller-fails", fails),
    ]
}

/// With an unbounded channel: the bounded one of the published crates drops what does not fit.
async fn call(client: &RpcClient, request: RpcRequest) -> Result<(Request, DynamicReceiver), String> {
    client.call_rpc_streaming(request, DynamicChannelType::Unbounded).await.map_err(described)
}

async fn next_is(answer: &mut DynamicReceiver, expected: &[u8]) -> Outcome {
    match answer.next().await {
        Some(Ok(chunk)) => same(&chunk, expected),
        other => Err(format!("{other:?}, expected a chunk of {} bytes", expected.len())),
    }
}

async fn ends(answer: &mut DynamicReceiver) -> Outcome {
    match answer.next().await {
        None => Ok(()),
        Some(Ok(chunk)) => Err(format!("a chunk of {} bytes, expected the end of the answer", chunk.len())),
        Some(Err(failure)) => Err(described(failure)),
    }
}

async fn fails_with(answer: &mut DynamicReceiver, code: RpcServiceErrorCode) -> Outcome {
    match answer.next().await {
        Some(Err(RpcServiceError::Rpc(payload))) if payload.code == code => ends(answer).await,
        other => Err(format!("{other:?}, expected an error with code {code:?}")),
    }
}

/// So many chunks are sent before one is awaited.
async fn echo(client: Arc<RpcClient>, ahead: usize) -> Outcome {
    let chunks = noises(200);
    let (mut request, mut answer) = call(&client, open_request(STREAM_ECHO)).await?;
    for turn in 0..chunks.len() + ahead {
        if let Some(chunk) = chunks.get(turn) {
            request.write_bytes(chunk).map_err(described)?;
            request.flush().map_err(described)?;
        }
        if let Some(number) = turn.checked_sub(ahead) {
            next_is(&mut answer, &chunks[number]).await.map_err(|why| format!("chunk {number}: {why}"))?;
        }
    }
    request.end_stream().map_err(described)?;
    ends(&mut answer).await
}

async fn empty(client: Arc<RpcClient>) -> Outcome {
    let (mut request, mut answer) = call(&client, open_request(STREAM_ECHO)).await?;
    request.flush().map_err(described)?;
    request.end_stream().map_err(described)?;
    ends(&mut answer).await
}

async fn burst(client: Arc<RpcClient>) -> Outcome {
    let (_, mut answer) = call(&client, request_of(STREAM_BURST, &burst_argument(1000, 500))).await?;
    for number in 0..1000 {
        next_is(&mut answer, &burst_chunk(number, 500)).await.map_err(|why| format!("chunk {number}: {why}"))?;
    }
    ends(&mut answer).await
}

async fn unknown(client: Arc<RpcClient>) -> Outcome {
    let (mut request, mut answer) = call(&client, open_request(NO_SUCH_METHOD)).await?;
    for chunk in noises(20) {
        request.write_bytes(&chunk).map_err(described)?;
    }
    request.flush().map_err(described)?;
    request.end_stream().map_err(described)?;
    fails_with(&mut answer, RpcServiceErrorCode::NotFound).await
}

async fn malformed(client: Arc<RpcClient>) -> Outcome {
    let (_, mut answer) = call(&client, request_of(STREAM_BURST, &[1, 2, 3])).await?;
    fails_with(&mut answer, RpcServiceErrorCode::Fail).await
}

/// The handler gives the first chunk back and fails then, although the caller has not ended its request.
async fn fails(client: Arc<RpcClient>) -> Outcome {
    let (mut request, mut answer) = call(&client, open_request(STREAM_FAIL)).await?;
    request.write_bytes(b"first").map_err(described)?;
    request.flush().map_err(described)?;
    next_is(&mut answer, b"first").await?;
    request.write_bytes(b"second").map_err(described)?;
    request.flush().map_err(described)?;
    fails_with(&mut answer, RpcServiceErrorCode::System).await
}
