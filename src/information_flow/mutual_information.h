#pragma once

#include <span>

#include "information_flow/channel.h"

// Shannon's measures, in bits. Distributions are as `Distribution` yields them; a
// prior has one entry an input of the channel.
//
// Source: C. Shannon (1948); T. Cover, J. Thomas, "Elements of Information Theory".

namespace ringfort::information_flow {

double Entropy(std::span<const double> distribution);

// D(p || q); infinity if p puts weight where q has none. Of equal length.
double Divergence(std::span<const double> p, std::span<const double> q);

// What comes out of the channel if `prior` goes in.
std::vector<double> OutputDistribution(std::span<const double> prior, const Channel& channel);

// H(X | Y): what stays unknown of the input when the output is seen.
double ConditionalEntropy(std::span<const double> prior, const Channel& channel);

// I(X; Y), never negative.
double MutualInformation(std::span<const double> prior, const Channel& channel);

// Of a channel without memory and with Gaussian noise: log2(1 + snr) / 2 bits a use; and
// of a band of that many hertz, B log2(1 + snr) bits a second. snr >= 0.
double GaussianCapacity(double signal_to_noise);
double ShannonHartley(double bandwidth, double signal_to_noise);

}  // namespace ringfort::information_flow
