//! Latency of unary calls, one at a time on one connection.

use crate::{
    calls::{connect, described, noise, request_of},
    options::Plan,
};
use muxio_rpc_service::method_id_hash;
use muxio_rpc_service_caller::RpcServiceCallerInterface;
use muxio_tokio_rpc_client::RpcClient;
use std::time::{Duration, Instant};

pub async fn run(host: &str, port: u16, limit: Duration, plan: &Plan) -> Result<String, String> {
    let client = connect(host, port).await?;
    let argument = noise(plan.calls, plan.payload_bytes);
    for _ in 0..plan.warmup {
        in_time(limit, call(&client, plan, &argument)).await?;
    }
    let mut micros = Vec::with_capacity(plan.calls);
    for _ in 0..plan.calls {
        let start = Instant::now();
        in_time(limit, call(&client, plan, &argument)).await?;
        micros.push(start.elapsed().as_nanos() as f64 / 1000.0);
    }
    micros.sort_by(f64::total_cmp);
    // Nearest rank: the smallest value that at least this share of the calls did not exceed.
    let rank = |share: f64| micros[((micros.len() as f64 * share).ceil() as usize).max(1) - 1];
    Ok(format!(
        "calls={} median_us={:.1} p90_us={:.1} p99_us={:.1} min_us={:.1} max_us={:.1}",
        plan.calls,
        rank(0.5),
        rank(0.9),
        rank(0.99),
        rank(0.0),
        rank(1.0)
    ))
}

async fn in_time(limit: Duration, call: impl Future<Output = Result<(), String>>) -> Result<(), String> {
    let late = |_| format!("not done after {} s", limit.as_secs());
    tokio::time::timeout(limit, call).await.map_err(late)?
}

async fn call(client: &RpcClient, plan: &Plan, argument: &[u8]) -> Result<(), String> {
    let request = request_of(method_id_hash(&plan.method), argument);
    let (_, answer) = client.call_rpc_buffered(request, <[u8]>::to_vec).await.map_err(described)?;
    let answer = answer.map_err(described)?;
    if plan.method == "echo" && answer != argument {
        return Err(format!("{} bytes came back, expected the {} sent", answer.len(), argument.len()));
    }
    Ok(())
}
