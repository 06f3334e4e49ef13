//! Suite `flood`: many calls at once, and slow ones that must not hold up the others.

use crate::{
    calls::{ECHO, SLOW, all_good, echoes, noise, request_of, start},
    checks::{Check, Outcome},
    streaming::StreamingCall,
};
use muxio_rpc_service::method_id_hash;
use muxio_tokio_rpc_client::RpcClient;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

const STUCK: u64 = method_id_hash("stuck");

/// What a call may take at the median while slow ones run. Behind one of them it would take 100 ms.
const PROMPT: Duration = Duration::from_millis(5);

pub fn checks() -> Vec<Check> {
    vec![
        Check::new("echo-among-slow", |client| among_slow(client, "echo-among-slow")),
        Check::new("echo-among-stuck", among_stuck),
        Check::new("concurrent-5000", concurrent),
    ]
}

/// Two hundred echo calls, one after the other, while a hundred calls are always in a slow handler.
async fn among_slow(client: Arc<RpcClient>, name: &str) -> Outcome {
    let done = Arc::new(AtomicBool::new(false));
    let mut slow = JoinSet::new();
    for number in 0..100 {
        let (client, done) = (client.clone(), done.clone());
        slow.spawn(async move {
            while !done.load(Ordering::Relaxed) {
                echoes::<SLOW>(&client, noise(number, 64)).await?;
            }
            Ok(())
        });
    }
    // Long enough for all of them to be with the server.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut times = Vec::new();
    for number in 0..200 {
        let start = Instant::now();
        echoes::<ECHO>(&client, noise(number, 64)).await?;
        times.push(start.elapsed());
    }
    done.store(true, Ordering::Relaxed);
    all_good(slow).await?;
    times.sort();
    let median = times[times.len() / 2];
    // Standard output is for the verdict.
    eprintln!("{name}: median {median:?}, longest {:?}", times[times.len() - 1]);
    if median < PROMPT { Ok(()) } else { Err(format!("median {median:?}, expected less than {PROMPT:?}")) }
}

/// The same while a handler runs that does not return.
async fn among_stuck(client: Arc<RpcClient>) -> Outcome {
    let mut stuck = StreamingCall::start(&client, request_of(STUCK, &[])).await?;
    among_slow(client, "echo-among-stuck").await?;
    stuck.unanswered()
}

async fn concurrent(client: Arc<RpcClient>) -> Outcome {
    let mut calls = JoinSet::new();
    for number in 0..5000 {
        start::<ECHO>(&mut calls, &client, number, 1 + number * 7 % 3000);
    }
    all_good(calls).await
}
