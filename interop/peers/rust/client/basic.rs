//! Suite `basic`: unary calls, errors, and calls cancelled in mid-stream.

use crate::{
    calls::{ECHO, NO_SUCH_METHOD, SLOW, all_good, described, echoes, error_of, noise, raw, same, start},
    checks::{Check, Outcome},
    streaming::StreamingCall,
};
use example_muxio_rpc_service_definition::prebuffered::{Add, Mult};
use muxio_rpc_service::{
    error::{RpcServiceErrorCode, RpcServiceErrorPayload},
    method_id_hash,
};
use muxio_rpc_service_caller::prebuffered::RpcCallPrebuffered;
use muxio_tokio_rpc_client::RpcClient;
use std::{fmt::Debug, sync::Arc, time::Duration};
use tokio::task::JoinSet;

const SIZE: u64 = method_id_hash("size");
const ZEROS: u64 = method_id_hash("zeros");
const FAIL: u64 = method_id_hash("fail");
const FAIL_SYSTEM: u64 = method_id_hash("fail.system");
const FAIL_NOTFOUND: u64 = method_id_hash("fail.notfound");
const BOOM: u64 = method_id_hash("boom");

const MIB: usize = 1024 * 1024;

pub fn checks() -> Vec<Check> {
    let mut checks = vec![Check::new("add", add), Check::new("mult", mult)];
    checks.extend(echo_lengths().map(|length| {
        Check::new(format!("echo-{length}"), move |client| async move {
            echoes::<ECHO>(&client, noise(length, length)).await
        })
    }));
    checks.extend([
        Check::new("concurrent-1000", concurrent),
        Check::new("unknown", unknown),
        Check::new("fail", fail),
        Check::new("fail.system", fail_system),
        Check::new("fail.notfound", fail_notfound),
        Check::new("boom", boom),
        Check::new("size", size),
        Check::new("zeros", zeros),
        Check::new("cancel", cancel),
        Check::new("cancel-50", cancel_many),
        Check::new("slow-overlap", slow_overlap),
    ]);
    checks
}

/// Every length around the one at which a header no longer fits into its frame and at which the argument becomes the body.
fn echo_lengths() -> impl Iterator<Item = usize> {
    [0, 1, 64].into_iter().chain(65_519..=65_537).chain([MIB, 16 * MIB])
}

async fn add(client: Arc<RpcClient>) -> Outcome {
    equal(Add::call(&*client, vec![1.0, 2.0, 3.0]).await.map_err(described)?, 6.0)?;
    equal(Add::call(&*client, vec![]).await.map_err(described)?, 0.0)
}

async fn mult(client: Arc<RpcClient>) -> Outcome {
    equal(Mult::call(&*client, vec![8.0, 3.0, 7.0]).await.map_err(described)?, 168.0)
}

async fn concurrent(client: Arc<RpcClient>) -> Outcome {
    let mut calls = JoinSet::new();
    for number in 0..1000 {
        // Eleven arguments are longer than a frame; the others are up to 3 kB.
        let length = if number % 97 == 0 { 65_537 + number * 101 } else { 8 + number * 7 % 3000 };
        start::<ECHO>(&mut calls, &client, number, length);
    }
    all_good(calls).await
}

async fn unknown(client: Arc<RpcClient>) -> Outcome {
    let error = error_of::<NO_SUCH_METHOD>(&client).await?;
    expect(error.code == RpcServiceErrorCode::NotFound, &error, "code NotFound")
}

async fn fail(client: Arc<RpcClient>) -> Outcome {
    let error = error_of::<FAIL>(&client).await?;
    let good = error.code == RpcServiceErrorCode::Fail && error.message.is_empty();
    expect(good, &error, "code Fail, its message dropped by the published client")
}

async fn fail_system(client: Arc<RpcClient>) -> Outcome {
    encoded_error(error_of::<FAIL_SYSTEM>(&client).await?, RpcServiceErrorCode::System, "structured system")
}

/// The status is 3, as for an unknown method, but there is a body.
async fn fail_notfound(client: Arc<RpcClient>) -> Outcome {
    encoded_error(error_of::<FAIL_NOTFOUND>(&client).await?, RpcServiceErrorCode::NotFound, "structured notfound")
}

/// The published clients show the encoded error as text, so the message has its variant and its length in front.
fn encoded_error(error: RpcServiceErrorPayload, code: RpcServiceErrorCode, message: &str) -> Outcome {
    let good = error.code == code && error.message.contains(message);
    expect(good, &error, &format!("code {code:?} and a message with {message:?} in it"))
}

async fn boom(client: Arc<RpcClient>) -> Outcome {
    let error = error_of::<BOOM>(&client).await?;
    let good = error.code == RpcServiceErrorCode::System && error.message == "boom";
    expect(good, &error, "code System and the message \"boom\"")
}

async fn size(client: Arc<RpcClient>) -> Outcome {
    same(&raw::<SIZE>(&client, noise(1, 100_000)).await?, &100_000u32.to_le_bytes())
}

async fn zeros(client: Arc<RpcClient>) -> Outcome {
    same(&raw::<ZEROS>(&client, 200_000u32.to_le_bytes().to_vec()).await?, &[0; 200_000])
}

async fn cancel(client: Arc<RpcClient>) -> Outcome {
    let mut call = StreamingCall::open(&client, ECHO).await?;
    call.send(b"first")?;
    call.send(b"second chunk")?;
    // Long enough for the server to be in the middle of the call.
    tokio::time::sleep(Duration::from_millis(50)).await;
    call.cancel()?;
    echoes::<ECHO>(&client, b"still alive".to_vec()).await?;
    call.unanswered()
}

/// Fifty cancelled calls, up to five of them open at a time, each among ordinary ones.
async fn cancel_many(client: Arc<RpcClient>) -> Outcome {
    let mut cancelled: Vec<StreamingCall> = Vec::new();
    let mut calls = JoinSet::new();
    for number in 0..50 + 5 {
        if number < 50 {
            let mut call = StreamingCall::open(&client, ECHO).await?;
            call.send(&noise(number, 1 + number * 100))?;
            cancelled.push(call);
        }
        start::<ECHO>(&mut calls, &client, 1000 + number, 20 + number);
        if number >= 5 {
            let call = &mut cancelled[number - 5];
            call.send(&noise(number, 30))?;
            call.cancel()?;
        }
    }
    all_good(calls).await?;
    echoes::<ECHO>(&client, b"still alive".to_vec()).await?;
    cancelled.iter_mut().try_for_each(StreamingCall::unanswered)
}

async fn slow_overlap(client: Arc<RpcClient>) -> Outcome {
    let mut calls = JoinSet::new();
    for number in 0..20 {
        start::<SLOW>(&mut calls, &client, number, 100 + number);
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    echoes::<ECHO>(&client, noise(20, 64)).await?;
    all_good(calls).await
}

fn equal(actual: f64, expected: f64) -> Outcome {
    expect(actual == expected, &actual, &expected.to_string())
}

fn expect(good: bool, actual: &impl Debug, expected: &str) -> Outcome {
    if good { Ok(()) } else { Err(format!("{actual:?}, expected {expected}")) }
}
