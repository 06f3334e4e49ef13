//! Suite `stream`: methods whose request, answer or both are streams of chunks.

use crate::{
    bidi,
    calls::{ECHO, NO_SUCH_METHOD, all_good, described, echoes, noise, request_of, same, start},
    checks::{Check, Outcome},
    streaming::{StreamingCall, open_request},
};
use muxio_core::rpc::RpcRequest;
use muxio_rpc_service::method_id_hash;
use muxio_tokio_rpc_client::RpcClient;
use std::sync::Arc;
use tokio::task::JoinSet;

pub const STREAM_ECHO: u64 = method_id_hash("stream.echo");
pub const STREAM_BURST: u64 = method_id_hash("stream.burst");

const FAIL: u8 = 1;
const METHOD_NOT_FOUND: u8 = 3;

/// As long as a frame's payload gets.
const LONGEST: usize = 65_536;

pub fn checks() -> Vec<Check> {
    vec![
        Check::new("stream-200", |client| echo_of(client, noises(200), 200)),
        Check::new("stream-ping-pong", |client| echo_of(client, noises(200), 0)),
        Check::new("stream-empty", empty),
        Check::new("stream-first-longest", first_longest),
        Check::new("stream-unflushed", unflushed),
        Check::new("stream-unflushed-header", unflushed_header),
        Check::new("stream-50x100", many),
        Check::new("stream-cancel", |client| cancelled(client, 1)),
        Check::new("stream-cancel-50", cancel_many),
        Check::new("stream-call_me", call_me),
        Check::new("stream-upload", upload),
        Check::new("stream-unknown", unknown),
        Check::new("burst-0", |client| burst(client, 0, 64, in_header)),
        Check::new("burst-10000x64", |client| burst(client, 10_000, 64, in_header)),
        Check::new("burst-1000x60000", |client| burst(client, 1000, 60_000, in_body)),
        Check::new("burst-malformed", malformed),
    ]
}

/// Chunks of one byte to the longest. The first is short: it shares its frame with the RPC header, so a long one is cut.
pub fn noises(chunks: usize) -> Vec<Vec<u8>> {
    let length = |number: usize| match number % 10 {
        0 => 1 + number / 10,
        9 => LONGEST - number / 10,
        _ => 1 + number * 7919 % LONGEST,
    };
    (0..chunks).map(|number| noise(number, length(number))).collect()
}

/// Each chunk comes back as it was, and the answer ends after the request. So many chunks are sent before one is awaited.
async fn echo_of(client: Arc<RpcClient>, chunks: Vec<Vec<u8>>, ahead: usize) -> Outcome {
    let mut call = StreamingCall::open(&client, STREAM_ECHO).await?;
    for turn in 0..chunks.len() + ahead {
        if let Some(chunk) = chunks.get(turn) {
            call.send(chunk)?;
        }
        if let Some(number) = turn.checked_sub(ahead) {
            call.next_is(&chunks[number]).await.map_err(|why| format!("chunk {number}: {why}"))?;
        }
    }
    call.end()?;
    call.ends().await
}

async fn empty(client: Arc<RpcClient>) -> Outcome {
    let mut call = StreamingCall::open(&client, STREAM_ECHO).await?;
    call.request.flush().map_err(described)?;
    call.end()?;
    call.ends().await
}

/// The first chunk is cut, because its frame begins with the RPC header. The bytes come back, in whatever chunks.
async fn first_longest(client: Arc<RpcClient>) -> Outcome {
    let body = noise(1, 3 * LONGEST);
    let mut call = StreamingCall::open(&client, STREAM_ECHO).await?;
    for chunk in body.chunks(LONGEST) {
        call.send(chunk)?;
    }
    call.end()?;
    same(&call.collect().await?, &body)
}

async fn unflushed(client: Arc<RpcClient>) -> Outcome {
    let mut call = StreamingCall::open(&client, STREAM_ECHO).await?;
    call.send(b"first")?;
    call.request.write_bytes(b"second chunk").map_err(described)?;
    call.end()?;
    call.next_is(b"first").await?;
    call.next_is(b"second chunk").await?;
    call.ends().await
}

/// The whole request is one End frame.
async fn unflushed_header(client: Arc<RpcClient>) -> Outcome {
    let mut call = StreamingCall::open(&client, STREAM_ECHO).await?;
    call.request.write_bytes(b"all at once").map_err(described)?;
    call.end()?;
    call.next_is(b"all at once").await?;
    call.ends().await
}

/// Fifty streams of a hundred chunks, each up to four ahead of its echo, and two hundred ordinary calls.
async fn many(client: Arc<RpcClient>) -> Outcome {
    let mut running = JoinSet::new();
    for number in 0..200 {
        if number % 4 == 0 {
            let chunks = (0..100).map(|chunk| noise(number + chunk, 1 + (number * 131 + chunk * 37) % 3000));
            running.spawn(echo_of(client.clone(), chunks.collect(), 4));
        }
        start::<ECHO>(&mut running, &client, number, number * 17);
    }
    all_good(running).await
}

/// After the Cancel comes nothing, neither chunk nor end, and the connection serves on.
async fn cancelled(client: Arc<RpcClient>, number: usize) -> Outcome {
    let mut call = StreamingCall::open(&client, STREAM_ECHO).await?;
    for chunk in 0..2 {
        let sent = noise(number + chunk, 1 + number * 100);
        call.send(&sent)?;
        call.next_is(&sent).await?;
    }
    call.cancel()?;
    echoes::<ECHO>(&client, noise(number, 64)).await?;
    call.unanswered()
}

async fn cancel_many(client: Arc<RpcClient>) -> Outcome {
    let mut running = JoinSet::new();
    for number in 0..50 {
        running.spawn(cancelled(client.clone(), number));
    }
    all_good(running).await
}

/// The server's calls to the client and the client's stream share the connection.
async fn call_me(client: Arc<RpcClient>) -> Outcome {
    let mut call = StreamingCall::open(&client, STREAM_ECHO).await?;
    call.send(b"before")?;
    call.next_is(b"before").await?;
    bidi::called_back::<{ bidi::CALL_ME }>(client, 20).await?;
    call.send(b"after")?;
    call.next_is(b"after").await?;
    call.end()?;
    call.ends().await
}

/// A unary method does not mind in how many chunks its argument comes.
async fn upload(client: Arc<RpcClient>) -> Outcome {
    let body = noise(1, 300 * 10_000);
    let mut call = StreamingCall::open(&client, ECHO).await?;
    for chunk in body.chunks(10_000) {
        call.send(chunk)?;
    }
    call.end()?;
    same(&call.collect().await?, &body)
}

/// The answer may come before the request has ended; what follows of it does no harm.
async fn unknown(client: Arc<RpcClient>) -> Outcome {
    let mut call = StreamingCall::open(&client, NO_SUCH_METHOD).await?;
    for chunk in noises(20) {
        call.send(&chunk)?;
    }
    call.end()?;
    call.ends_with_status(METHOD_NOT_FOUND).await?;
    echoes::<ECHO>(&client, b"still alive".to_vec()).await
}

pub fn burst_argument(count: u32, size: u32) -> Vec<u8> {
    [count.to_le_bytes(), size.to_le_bytes()].concat()
}

/// The chunk with this number.
pub fn burst_chunk(number: u32, size: u32) -> Vec<u8> {
    let mut chunk = number.to_le_bytes().to_vec();
    chunk.resize(size as usize, 0);
    chunk
}

fn in_header(argument: &[u8]) -> RpcRequest {
    request_of(STREAM_BURST, argument)
}

fn in_body(argument: &[u8]) -> RpcRequest {
    RpcRequest {
        rpc_prebuffered_payload_bytes: Some(argument.to_vec()),
        is_finalized: true,
        ..open_request(STREAM_BURST)
    }
}

async fn burst(client: Arc<RpcClient>, count: u32, size: u32, request: fn(&[u8]) -> RpcRequest) -> Outcome {
    let mut call = StreamingCall::start(&client, request(&burst_argument(count, size))).await?;
    for number in 0..count {
        call.next_is(&burst_chunk(number, size)).await.map_err(|why| format!("chunk {number}: {why}"))?;
    }
    call.ends().await
}

async fn malformed(client: Arc<RpcClient>) -> Outcome {
    for length in [3, 9] {
        for request in [in_header(&vec![1; length]), in_body(&vec![1; length])] {
            let mut call = StreamingCall::start(&client, request).await?;
            call.ends_with_status(FAIL).await.map_err(|why| format!("{length} bytes: {why}"))?;
        }
    }
    echoes::<ECHO>(&client, b"still alive".to_vec()).await
}
