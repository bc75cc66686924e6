// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.27;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// What OpenZeppelin's wizard writes for ERC20Votes with the timestamp clock.
contract PeerVotes is ERC20, ERC20Permit, ERC20Votes {
    constructor(string memory name, string memory symbol, address[] memory holders, uint256[] memory amounts)
        ERC20(name, symbol)
        ERC20Permit(name)
    {
        for (uint256 i = 0; i < holders.length; ++i) _mint(holders[i], amounts[i]);
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }
}
